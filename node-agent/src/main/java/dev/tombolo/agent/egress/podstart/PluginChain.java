package dev.tombolo.agent.egress.podstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A CNI configuration list as it is written; a change touches the one plugin and leaves every other character alone. */
final class PluginChain {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** One that can be added. */
    record Plugin(String type, Map<String, String> settings) {
        private ObjectNode json() {
            var json = JSON.createObjectNode().put("type", type);
            settings.forEach(json::put);
            return json;
        }
    }

    private record Place(int begin, int end) {}

    private final String text;
    private final JsonNode root;
    private final List<Place> places;

    private PluginChain(String text, JsonNode root, List<Place> places) {
        this.text = text;
        this.root = root;
        this.places = places;
    }

    /** @throws IllegalArgumentException with what is wrong, if it is no list of plugins */
    static PluginChain parse(String text) {
        try {
            var root = JSON.readTree(text);
            if (!root.path("plugins").isArray()) {
                throw new IllegalArgumentException("it has no list 'plugins'");
            }
            for (var plugin : root.path("plugins")) {
                if (!plugin.path("type").isTextual()) {
                    throw new IllegalArgumentException("a plugin of it has no type");
                }
            }
            return new PluginChain(text, root, places(text));
        } catch (JsonProcessingException bad) {
            var at = bad.getLocation();
            throw new IllegalArgumentException("it is not JSON: line " + at.getLineNr() + ", column " + at.getColumnNr()
                    + ": " + bad.getOriginalMessage());
        } catch (IOException unexpected) {
            throw new UncheckedIOException(unexpected);
        }
    }

    private static List<Place> places(String text) throws IOException {
        var places = new ArrayList<Place>();
        try (var parser = JSON.createParser(text)) {
            parser.nextToken();
            while (!"plugins".equals(parser.nextFieldName())) {
                parser.nextToken();
                parser.skipChildren();
            }
            parser.nextToken();
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                int begin = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                places.add(new Place(begin, (int) parser.currentLocation().getCharOffset()));
            }
        }
        return List.copyOf(places);
    }

    /** The programs that run, in this order. */
    List<String> types() {
        var types = new ArrayList<String>();
        root.path("plugins").forEach(plugin -> types.add(plugin.path("type").textValue()));
        return types;
    }

    /** Of these the runtime takes the newest that it knows itself. */
    List<String> versions() {
        var versions = new ArrayList<String>();
        versions.add(root.path("cniVersion").asText());
        root.path("cniVersions").forEach(version -> versions.add(version.asText()));
        return versions;
    }

    String text() {
        return text;
    }

    /** With this plugin and no other of its type: where it is already, else at the end. */
    PluginChain with(Plugin plugin) {
        var present = new ArrayList<JsonNode>();
        root.path("plugins").forEach(present::add);
        present.removeIf(other -> !other.path("type").textValue().equals(plugin.type()));
        return present.equals(List.of(plugin.json()))
                ? this
                : without(plugin.type()).followedBy(plugin);
    }

    /** Set off as the last plugin is. */
    private PluginChain followedBy(Plugin plugin) {
        if (places.isEmpty()) {
            throw new IllegalArgumentException("its list 'plugins' is empty");
        }
        var last = places.getLast();
        String before = text.substring(0, last.begin());
        String gap = before.substring(before.stripTrailing().length());
        return parse(text.substring(0, last.end()) + "," + gap + plugin.json() + text.substring(last.end()));
    }

    PluginChain without(String type) {
        int index = types().lastIndexOf(type);
        if (index < 0) {
            return this;
        }
        var place = places.get(index);
        boolean first = index == 0;
        boolean alone = places.size() == 1;
        int begin = first ? place.begin() : places.get(index - 1).end();
        int end = first && !alone ? places.get(1).begin() : place.end();
        return parse(text.substring(0, begin) + text.substring(end)).without(type);
    }
}
