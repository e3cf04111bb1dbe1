package dev.tombolo.lab.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.lab.apiserver.RunningServer.Printed;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Custom resources as kubectl users meet them: schema, defaults, status, columns. */
class CustomResourceTest {
    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: widgets.lab.example}
            spec:
              group: lab.example
              scope: Cluster
              names: {plural: widgets, singular: widget, kind: Widget, shortNames: [wd], categories: [toys]}
              versions:
              - name: v1
                served: true
                storage: true
                subresources: {status: {}}
                additionalPrinterColumns:
                - {name: Size, type: integer, jsonPath: .spec.size}
                - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
                - {name: First, type: string, jsonPath: '.status.list[0].name'}
                - {name: Zone, type: string, jsonPath: '.spec.labels.k8s:example\\.dev/zone', priority: 1}
                - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
                schema:
                  openAPIV3Schema:
                    type: object
                    required: [spec]
                    properties:
                      spec:
                        type: object
                        required: [size]
                        properties:
                          size: {type: integer, minimum: 1, maximum: 9}
                          colour: {type: string, enum: [red, blue], default: red}
                          code: {type: string, pattern: '^[a-z]+$', maxLength: 5}
                          tags: {type: array, maxItems: 2, items: {type: string}}
                          labels: {type: object, additionalProperties: {type: string}}
                      status: {type: object, x-kubernetes-preserve-unknown-fields: true}
            """;
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/etcd")), "skipped: etcd is not installed");
        assumeTrue(RunningServer.hasKubectl(), "skipped: kubectl is not installed");
        server = new RunningServer();
        ok(server.kubectlWith(DEFINITION, "apply", "-f", "-"));
        ok(server.kubectl("wait", "--for=condition=Established", "crd/widgets.lab.example", "--timeout=10s"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    private static String ok(Printed printed) {
        assertThat(printed.code()).as(printed.text()).isZero();
        return printed.text();
    }

    private static String widget(String name, String spec) {
        return "{\"apiVersion\":\"lab.example/v1\",\"kind\":\"Widget\",\"metadata\":{\"name\":\"" + name
                + "\"},\"spec\":" + spec + "}";
    }

    @Test
    void fillsDefaultsInAndPrintsColumns() throws Exception {
        String text = widget("w1", "{\"size\":3,\"labels\":{\"k8s:example.dev/zone\":\"a\"}}");
        ok(server.kubectlWith(text, "apply", "-f", "-"));
        assertThat(ok(server.kubectlWith(text, "apply", "-f", "-"))).isEqualTo("widget.lab.example/w1 unchanged");
        ok(
                server.kubectl(
                        "patch",
                        "widget",
                        "w1",
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        "{\"status\":{\"conditions\":[{\"type\":\"Other\",\"status\":\"False\"},{\"type\":\"Ready\",\"status\":\"True\"}],\"list\":[{\"name\":\"one\"}]},\"spec\":{\"size\":8}}"));
        assertThat(ok(server.kubectl("get", "wd", "w1", "-o", "wide")))
                .matches("(?s)NAME +SIZE +READY +FIRST +ZONE +AGE\\s+w1 +3 +True +one +a +\\d+s");
        assertThat(ok(server.kubectl("get", "wd", "w1", "-o", "jsonpath={.spec.colour} {.metadata.generation}")))
                .isEqualTo("red 1");
        assertThat(ok(server.kubectl("get", "toys", "--no-headers"))).contains("w1");
        ok(server.kubectl("wait", "--for=condition=Ready", "widget/w1", "--timeout=10s"));
    }

    @Test
    void refusesWhatTheSchemaDoesNotAllow() throws Exception {
        assertThat(server.kubectlWith(widget("w2", "{\"size\":\"big\"}"), "create", "-f", "-")
                        .text())
                .contains(
                        "The Widget \"w2\" is invalid: spec.size: Invalid value: \"string\": spec.size in body must be of type integer: \"string\"");
        assertThat(server.kubectlWith(
                                widget(
                                        "w3",
                                        "{\"size\":10,\"colour\":\"pink\",\"code\":\"ABCDEF\",\"tags\":[\"a\",\"b\",\"c\"]}"),
                                "create",
                                "-f",
                                "-")
                        .text())
                .contains("less than or equal to 9")
                .contains("Unsupported value: \"pink\"")
                .contains("should match '^[a-z]+$'")
                .contains("at most 5 chars long")
                .contains("must have at most 2 items");
        assertThat(server.kubectlWith(widget("w4", "{}"), "create", "-f", "-").text())
                .contains("spec.size: Required value");
        assertThat(server.kubectlWith(widget("w5", "{\"size\":1,\"bogus\":2}"), "create", "-f", "-")
                        .text())
                .contains("unknown field \"spec.bogus\"");
        assertThat(ok(server.kubectl("get", "widgets", "-o", "name"))).doesNotContain("w2", "w3", "w4", "w5");
    }

    @Test
    void prunesUnknownFieldsWhereNotStrict() throws Exception {
        ok(server.kubectlWith(widget("w6", "{\"size\":1,\"bogus\":2}"), "create", "--validate=ignore", "-f", "-"));
        assertThat(ok(server.kubectl("get", "widget", "w6", "-o", "jsonpath={.spec}")))
                .isEqualTo("{\"colour\":\"red\",\"size\":1}");
        assertThat(server.kubectl("patch", "widget", "w6", "-p", "{\"spec\":{\"size\":2}}")
                        .text())
                .contains("application/merge-patch+json");
    }
}
