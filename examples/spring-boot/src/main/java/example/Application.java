package example;

import io.micrometer.core.instrument.MeterRegistry;
import io.pipelinev2.runner.EmbeddedPipeline;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** An application that runs the pipeline of a home beside what it does itself. */
@SpringBootApplication
public class Application {

    public static void main(String[] arguments) {
        SpringApplication.run(Application.class, arguments);
    }

    /** Closed by Spring before the data source is, which it was made from. */
    @Bean
    EmbeddedPipeline pipeline(
            @Value("${pipeline.configuration}") Path configuration, DataSource database, MeterRegistry meters) {
        return EmbeddedPipeline.builder()
                .configuration(configuration)
                .dataSource(database)
                .meters(meters)
                .start();
    }
}
