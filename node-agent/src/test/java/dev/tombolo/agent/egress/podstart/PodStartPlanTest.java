package dev.tombolo.agent.egress.podstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.podstart.PodStartPlan.Step;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodStartPlanTest {
    private static final Set<String> PROGRAMS = Set.of("bridge", "portmap", "host-local");
    private static final PluginChain.Plugin PLUGIN = PodStartPlan.plugin("/sys/fs/bpf");

    /** As people write it: comments in fields that nobody knows, numbers of any form, escapes, a list in one line. */
    private static final String WRITTEN = """
            {
              "name": "pods", "cniVersion": "0.4.0", "cniVersions": ["0.3.1", "1.1.0"],
              "x": {"plugins": [{"type": "tombolo-cni"}]}, "y": [1.0, 1e3, 123456789012345678901234567890, "\\u00e9é"],
              "plugins": [
                {"type": "bridge", "ipam": {"type": "host-local", "ranges": [[]]}},
                { "type" : "portmap",
                  "capabilities": {"portMappings": true} }
              ]
            }
            """;

    private static String chain(String... plugins) {
        return "{\"cniVersion\":\"1.0.0\",\"name\":\"pods\",\"plugins\":[" + String.join(",", plugins) + "]}";
    }

    private static String type(String type) {
        return "{\"type\":\"" + type + "\"}";
    }

    private static Step add(String text) {
        return PodStartPlan.add("10-pods.conflist", text, PROGRAMS, PLUGIN);
    }

    @ParameterizedTest
    @CsvSource({
        "b.conflist a.conflist,           a.conflist",
        "b.conflist a.conf,               a.conf",
        "b.json a.yaml A.conflist.bak,    b.json",
        "10-b.conflist 05-c.conflist,     05-c.conflist",
        "README .a.conflist.tombolo conf,"
    })
    void theRuntimeTakesTheFirstConfigurationByName(String names, String used) {
        assertThat(PodStartPlan.used(List.of(names.split(" "))).orElse(null)).isEqualTo(used);
    }

    @Test
    void theRestOfTheFileStaysAsItIsWritten() {
        String last = "\"capabilities\": {\"portMappings\": true} }";
        assertThat(add(WRITTEN))
                .isEqualTo(new Step.Write(WRITTEN.replace(last, last + ",\n    " + type("tombolo-cni"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n\t", "  \n"})
    void whatWasAddedCanBeTakenOutWithoutATrace(String space) {
        String before = chain(type("bridge") + space, space + type("portmap")).replace("[", "[" + space) + space;
        var added = (Step.Write) add(before);
        assertThat(PluginChain.parse(added.text()).types()).containsExactly("bridge", "portmap", "tombolo-cni");
        assertThat(add(added.text())).isEqualTo(new Step.Keep());
        assertThat(PodStartPlan.remove("10-pods.conflist", added.text())).isEqualTo(new Step.Write(before));
    }

    @Test
    void aPluginThatSomebodyElseAddedAfterItMayStayThere() {
        assertThat(add(chain(type("bridge"), type("tombolo-cni"), type("istio-cni"))))
                .isEqualTo(new Step.Keep());
    }

    @Test
    void onePluginWithTodaysSettingsIsLeftOfSeveral() {
        String other = "{\"type\":\"tombolo-cni\",\"bpffs\":\"/run/\\\"bpf\"}";
        String before = chain(other, type("bridge"), type("tombolo-cni"));
        assertThat(add(before)).isEqualTo(new Step.Write(chain(type("bridge"), type("tombolo-cni"))));
        var elsewhere = PodStartPlan.plugin("/run/\"bpf");
        assertThat(PodStartPlan.add("10-pods.conflist", before, PROGRAMS, elsewhere))
                .isEqualTo(new Step.Write(chain(type("bridge"), other)));
        assertThat(PodStartPlan.remove("10-pods.conflist", before)).isEqualTo(new Step.Write(chain(type("bridge"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a.conf     | {"cniVersion":"1.0.0","type":"bridge"} | a.conf is a single plugin, which none can follow: make it a list (.conflist)
            a.conflist | {"cniVersion":"1.0.0","type":"bridge"} | a.conflist cannot be used: it has no list 'plugins'
            a.conflist | {"plugins":{}}                         | a.conflist cannot be used: it has no list 'plugins'
            a.conflist | []                                     | a.conflist cannot be used: it has no list 'plugins'
            a.conflist | ``                                     | a.conflist cannot be used: it has no list 'plugins'
            a.conflist | {"cniVersion":"1.0.0","plugins":[]}    | a.conflist cannot be used: its list 'plugins' is empty
            a.conflist | {"cniVersion":"1.0.0","plugins":[7]}   | a.conflist cannot be used: a plugin of it has no type
            a.conflist | {"plugins":[{"type":"bridge"}]}        | a.conflist has a cniVersion that tombolo-cni does not know: ''
            a.conflist | {"cniVersion":"1.0.0","cniVersions":["1.2.0"],"plugins":[{"type":"bridge"}]} | a.conflist has a cniVersion that tombolo-cni does not know: '1.2.0'
            a.conflist | {"cniVersion":"1.0.0","plugins":[{"type":"calico"},{"type":"portmap"}]} | a.conflist runs 'calico', which is not in the directory of CNI plugins given to Tombolo: give it the one that the container runtime uses
            """)
    void whatCannotBeChangedIsSaid(String name, String text, String reason) {
        assertThat(PodStartPlan.add(name, text, PROGRAMS, PLUGIN)).isEqualTo(new Step.Refuse(reason));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{} {}", "{\"plugins\":[],\"plugins\":[]}", "{'plugins':[]}", "{/* */}"})
    void whatIsNoJsonForTheRuntimeIsNoneHere(String text) {
        assertThat(add(text))
                .isInstanceOfSatisfying(
                        Step.Refuse.class,
                        refusal -> assertThat(refusal.reason())
                                .startsWith("10-pods.conflist cannot be used: it is not JSON: line 1, column "));
    }

    @Test
    void aChainThatHasItIsNotMeasuredByWhereItsProgramsAre() {
        assertThat(add(chain(type("calico"), type("tombolo-cni")))).isEqualTo(new Step.Keep());
    }
}
