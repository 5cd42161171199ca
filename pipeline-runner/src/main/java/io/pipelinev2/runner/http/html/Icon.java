package io.pipelinev2.runner.http.html;

/** Shapes that tell states apart without colour. */
public enum Icon {
    CHECK("M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm3.5 5.2-4.2 4.7a.7.7 0 0 1-1 0l-1.9-2 1-1.1 1.4 1.5 3.6-4.1Z"),
    PLAY("M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1ZM6.3 4.9 11.4 8l-5.1 3.1Z"),
    CLOCK("M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm0 1.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11Z"
            + "M7.2 4.5v4l3 1.8.8-1.3-2.3-1.4V4.5Z"),
    HALF("M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm0 1.5v11a5.5 5.5 0 0 1 0-11Z"),
    DASH("M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1ZM4.5 7.2h7v1.6h-7Z"),
    TRIANGLE("M8 1.2 15.4 14.2H.6Zm-.8 4.6v4.4h1.6V5.8Zm0 5.4v1.6h1.6v-1.6Z"),
    CROSS("M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1Zm.4 3.4L4.4 5.5 6.9 8l-2.5 2.5 1.1 1.1L8 9.1l2.5 2.5"
            + " 1.1-1.1L9.1 8l2.5-2.5-1.1-1.1L8 6.9Z");

    private final String path;

    Icon(String path) {
        this.path = path;
    }

    /** The shape; a word must stand beside it. */
    public Node node() {
        return Element.of("svg", Element.of("path").attribute("d", path).attribute("fill-rule", "evenodd"))
                .style("icon")
                .attribute("viewBox", "0 0 16 16")
                .attribute("aria-hidden", "true");
    }
}
