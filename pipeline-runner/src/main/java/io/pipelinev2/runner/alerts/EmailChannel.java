package io.pipelinev2.runner.alerts;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.runner.config.AlertConfig.Email;
import io.pipelinev2.runner.config.AlertConfig.Security;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Mail by SMTP. */
final class EmailChannel implements AlertChannel {

    private final Email email;
    private final @Nullable SecretFile password;
    private final Session session;

    /** @param password for the user name of the configuration, or null if it has none */
    EmailChannel(Email email, @Nullable SecretFile password, Duration timeout) {
        this.email = email;
        this.password = password;
        Properties properties = new Properties();
        String millis = Long.toString(timeout.toMillis());
        properties.put("mail.smtp.host", email.host());
        properties.put("mail.smtp.port", Integer.toString(email.port()));
        properties.put("mail.smtp.connectiontimeout", millis);
        properties.put("mail.smtp.timeout", millis);
        properties.put("mail.smtp.writetimeout", millis);
        properties.put("mail.smtp.auth", Boolean.toString(password != null));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.ssl.enable", Boolean.toString(email.security() == Security.TLS));
        // required: else whoever stands between could do without it
        properties.put("mail.smtp.starttls.enable", Boolean.toString(email.security() == Security.STARTTLS));
        properties.put("mail.smtp.starttls.required", Boolean.toString(email.security() == Security.STARTTLS));
        this.session = Session.getInstance(properties);
    }

    @Override
    public void send(AlertNotice notice) {
        try (Transport transport = session.getTransport("smtp")) {
            MimeMessage message = message(notice);
            if (password == null) {
                transport.connect();
            } else {
                transport.connect(email.host(), email.port(), email.username().orElseThrow(), password.read());
            }
            transport.sendMessage(message, message.getAllRecipients());
        } catch (AuthenticationFailedException e) {
            throw new PipelineException(
                    "The mail server %s refused the user name or the password.".formatted(email.host()));
        } catch (MessagingException e) {
            // a server's words are its own, and no secret was told to it but the password
            throw new PipelineException(
                    "The mail server %s did not take it: %s".formatted(email.host(), String.valueOf(e.getMessage())));
        }
    }

    private MimeMessage message(AlertNotice notice) throws MessagingException {
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress(email.from(), true));
        for (String to : email.to()) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(to, true));
        }
        message.setSubject(notice.title(), StandardCharsets.UTF_8.name());
        message.setText(notice.text(), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(notice.at()));
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setHeader("X-Pipeline-Alert", Long.toString(notice.id()));
        return message;
    }
}
