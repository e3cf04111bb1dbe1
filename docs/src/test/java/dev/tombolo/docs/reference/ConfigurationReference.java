package dev.tombolo.docs.reference;

import dev.tombolo.deploy.InstallSetting;
import java.util.Arrays;
import java.util.List;

/** {@code configuration.md}: the keys of {@code --set}. */
final class ConfigurationReference {
    private ConfigurationReference() {}

    static String page() {
        return new Markdown()
                .heading(1, "Configuration")
                .paragraph("""
                        These are the keys of `tombolo install --set KEY=VALUE`. A key that is not here is refused, and every
                        problem is reported together. What you choose is kept in the ConfigMap `tombolo-config` of the namespace
                        `tombolo-system`; a later `install` or `upgrade` starts from it, and what you give then goes before it.
                        `cluster.name`, `cluster.id` and `max-connected-clusters` stay as they are while the cluster is installed.""".strip())
                .table(
                        List.of("Key", "Default", "Accepted", "What it is"),
                        Arrays.stream(InstallSetting.values())
                                .map(ConfigurationReference::row)
                                .toList())
                .text();
    }

    private static List<String> row(InstallSetting setting) {
        String otherwise = setting.defaultValue()
                .map(value -> value.isEmpty() ? "computed" : Markdown.code(value))
                .orElse("required");
        return List.of(Markdown.code(setting.key()), otherwise, setting.expected(), setting.purpose());
    }
}
