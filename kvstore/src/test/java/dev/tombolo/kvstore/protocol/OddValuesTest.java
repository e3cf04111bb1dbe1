package dev.tombolo.kvstore.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tombolo.kvstore.store.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every field of every kind of value is replaced by everything that it should not be; nothing of it may throw. */
class OddValuesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> ODD = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1",
            "65536",
            "4294967295",
            "4294967296",
            "1e400",
            "1.5",
            "123456789012345678901234567890",
            "\"\"",
            "\" \"",
            "\"x\"",
            "\"0\"",
            "\"\\u0000\"",
            "\"../..\"",
            "\"10.0.0.1%eth0\"",
            "\"::ffff:10.0.0.1\"",
            "\"256.0.0.1\"",
            "\"////AA==\"",
            "\"/////w==\"",
            "\"AA==\"",
            "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAA\"",
            "[]",
            "[null]",
            "[1]",
            "[[[]]]",
            "{}",
            "{\"\":null}",
            "{\"x\":{}}",
            "{\"10.0.0.1\":null}",
            "{\"10.0.0.1\":{\"p\":null}}");
    private static final String IP_PREFIX = "cilium/state/ip/v1/default/";

    @FunctionalInterface
    private interface Decoder {
        Decoded<?> decode(Value value);
    }

    @TestFactory
    Stream<DynamicTest> noOddValueThrows() {
        return Stream.of(
                test("node", Goldens.NODE, value -> NodeCodec.decode("cilium/state/nodes/v1/cluster3/node1", value)),
                test(
                        "endpoint",
                        Goldens.ENDPOINT,
                        value -> EndpointCodec.decode(IP_PREFIX, IP_PREFIX + "10.240.0.200", value)),
                test(
                        "service",
                        Goldens.SERVICE,
                        value -> ServiceCodec.decode("cilium/state/services/v1/cluster3/bar/web", value)),
                test(
                        "config",
                        Goldens.CONFIG,
                        value -> ClusterConfigCodec.decode("cilium/cluster-config/cluster3", value)));
    }

    private static DynamicTest test(String kind, String golden, Decoder decoder) {
        return DynamicTest.dynamicTest(kind, () -> {
            assertThat(decoder.decode(Value.of(golden))).isInstanceOf(Decoded.Ok.class);
            for (String odd : variants(golden)) {
                assertThat(decoder.decode(Value.of(odd))).as(odd).isNotNull();
            }
        });
    }

    private static List<String> variants(String golden) throws JsonProcessingException {
        var variants = new ArrayList<String>();
        var root = JSON.readTree(golden);
        for (String odd : ODD) {
            replaceEach(root, JSON.readTree(odd), () -> variants.add(root.toString()));
        }
        return variants;
    }

    private static void replaceEach(JsonNode node, JsonNode odd, Runnable changed) {
        if (node instanceof ObjectNode object) {
            for (String name : object.properties().stream()
                    .map(java.util.Map.Entry::getKey)
                    .toList()) {
                JsonNode original = object.get(name);
                object.set(name, odd);
                changed.run();
                object.set(name, original);
                replaceEach(original, odd, changed);
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                JsonNode original = array.get(i);
                array.set(i, odd);
                changed.run();
                array.set(i, original);
                replaceEach(original, odd, changed);
            }
        }
    }
}
