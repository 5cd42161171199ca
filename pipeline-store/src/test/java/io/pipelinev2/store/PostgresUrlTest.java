package io.pipelinev2.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PostgresUrlTest {

    @Test
    void user_and_password_may_stand_before_the_host() {
        PostgresUrl url = PostgresUrl.of("postgresql://ann:p%40ss+word:1@db_1:5433/state?sslmode=require");

        assertThat(url.jdbc()).isEqualTo("jdbc:postgresql://db_1:5433/state?sslmode=require");
        assertThat(url.user()).isEqualTo("ann");
        assertThat(url.password()).isEqualTo("p@ss+word:1");
        assertThat(url).hasToString("postgresql://db_1:5433/state");
    }

    @Test
    void they_may_be_left_out() {
        PostgresUrl url = PostgresUrl.of("postgres://localhost/state");

        assertThat(url.jdbc()).isEqualTo("jdbc:postgresql://localhost/state");
        assertThat(url.user()).isNull();
        assertThat(PostgresUrl.of("postgresql+psycopg2://ann@localhost/state").password())
                .isNull();
    }

    @Test
    void a_jdbc_url_is_taken_as_it_is() {
        PostgresUrl url = PostgresUrl.of("jdbc:postgresql://localhost/state?user=ann&password=s3cret");

        assertThat(url.jdbc()).endsWith("password=s3cret");
        assertThat(url).hasToString("postgresql://localhost/state");
    }

    @Test
    void it_may_name_a_schema() {
        assertThat(PostgresUrl.of("postgres://localhost/state?currentSchema=pipeline&x=y")
                        .schema())
                .isEqualTo("pipeline");
        assertThat(PostgresUrl.of("postgres://localhost/state").schema()).isNull();
    }

    @Test
    void another_kind_of_url_is_refused_without_repeating_it() {
        assertThatThrownBy(() -> PostgresUrl.of("mysql://ann:s3cret@localhost/state"))
                .hasMessageContaining("postgresql://user:password@host:port/database")
                .hasMessageNotContaining("s3cret");
    }
}
