package dev.tombolo.cli;

import java.lang.reflect.Constructor;
import picocli.CommandLine;

/** Makes the commands: each is given the root, which has the global options and the console. */
final class Commands implements CommandLine.IFactory {
    private final TomboloCommand root;

    Commands(TomboloCommand root) {
        this.root = root;
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
        try {
            Constructor<K> constructor = type.getDeclaredConstructor(Session.class);
            constructor.setAccessible(true);
            return constructor.newInstance(root);
        } catch (NoSuchMethodException simple) {
            return CommandLine.defaultFactory().create(type);
        }
    }
}
