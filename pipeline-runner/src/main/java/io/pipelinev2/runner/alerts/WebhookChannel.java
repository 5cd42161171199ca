package io.pipelinev2.runner.alerts;

import io.pipelinev2.runner.config.AlertConfig.Format;
import io.pipelinev2.runner.view.Json;
import java.util.Map;

/** Posts notices to an address. */
final class WebhookChannel implements AlertChannel {

    private final OutsideAddress address;
    private final Format format;

    WebhookChannel(OutsideAddress address, Format format) {
        this.address = address;
        this.format = format;
    }

    @Override
    public void send(AlertNotice notice) {
        address.post(Json.compact(format == Format.SLACK ? slack(notice) : notice.json()));
    }

    private static Map<String, Object> slack(AlertNotice notice) {
        return Map.of("text", "*" + escaped(notice.title()) + "*\n" + escaped(notice.text()));
    }

    /** Slack takes these three for markup, and by them whole channels can be called. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
