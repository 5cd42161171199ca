package io.pipelinev2.runner.http.html;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** An element of a page: a name, attributes and content. */
public final class Element implements Node {

    private static final Set<String> WITHOUT_CONTENT = Set.of("link", "meta", "input");
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]*");

    private final String name;
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private final List<Node> content = new ArrayList<>();

    private Element(String name) {
        this.name = requireName(name);
    }

    public static Element of(String name, Node... content) {
        return new Element(name).add(content);
    }

    public static Element of(String name, String text) {
        return new Element(name).add(text);
    }

    public Element attribute(String attribute, String value) {
        attributes.put(requireName(attribute), value);
        return this;
    }

    /** With the style's classes, or none if empty. */
    public Element style(String classes) {
        return classes.isEmpty() ? this : attribute("class", classes);
    }

    public Element add(Node... nodes) {
        content.addAll(List.of(nodes));
        return this;
    }

    public Element add(String text) {
        content.add(new Text(text));
        return this;
    }

    @Override
    public void appendTo(StringBuilder out) {
        out.append('<').append(name);
        attributes.forEach((attribute, value) -> {
            out.append(' ').append(attribute).append("=\"");
            Text.escape(value, out);
            out.append('"');
        });
        out.append('>');
        if (!WITHOUT_CONTENT.contains(name)) {
            content.forEach(node -> node.appendTo(out));
            out.append("</").append(name).append('>');
        }
    }

    private static String requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is not the name of an element or attribute");
        }
        return name;
    }
}
