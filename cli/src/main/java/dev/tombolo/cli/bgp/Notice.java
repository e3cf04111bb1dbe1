package dev.tombolo.cli.bgp;

import java.util.LinkedHashMap;
import java.util.Map;

/** What was seen, and what to do about it. */
public record Notice(String what, String fix) {
    Map<String, Object> document() {
        var document = new LinkedHashMap<String, Object>();
        document.put("what", what);
        document.put("fix", fix);
        return document;
    }
}
