package io.pipelinev2.backtest.report;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** A page as the strictest of parsers sees it: one that is not well-formed is an error here. */
final class Parsed {

    private final Document document;

    private Parsed(Document document) {
        this.document = document;
    }

    static Parsed of(String html) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        DocumentBuilder builder = factory.newDocumentBuilder();
        builder.setErrorHandler(null);
        return new Parsed(builder.parse(new InputSource(new StringReader(html))));
    }

    List<Element> all(String xpath) throws Exception {
        NodeList nodes =
                (NodeList) XPathFactory.newInstance().newXPath().evaluate(xpath, document, XPathConstants.NODESET);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    Element one(String xpath) throws Exception {
        List<Element> found = all(xpath);
        if (found.size() != 1) {
            throw new AssertionError(xpath + " is there " + found.size() + " times");
        }
        return found.get(0);
    }

    String text() {
        return document.getDocumentElement().getTextContent();
    }
}
