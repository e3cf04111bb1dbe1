package dev.tombolo.bgp.bfd.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;

/**
 * The program: {@code BfdProcess DIRECTORY}, with its socket and its memory there. Ending it, by whatever signal, says
 * nothing to neighbours: whoever starts it again goes on. To end sessions for good, a client applies an empty set.
 */
public final class BfdProcess {
    /** In the directory: where clients connect. */
    public static final String SOCKET = "bfd.sock";

    /** In the directory: there from the first session on that anybody has asked for. */
    public static final String MEMORY = "bfd.sessions";

    private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");

    private BfdProcess() {}

    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            System.err.println("expected the directory of the socket and the memory, and nothing else");
            System.exit(2);
        }
        try {
            run(Path.of(arguments[0]));
        } catch (IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /** The ports come first: whoever has them is the only one. */
    private static void run(Path directory) throws IOException {
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWN));
        var file = directory.resolve(MEMORY);
        try (var datagrams = Datagrams.open();
                var control = ControlSocket.open(directory.resolve(SOCKET));
                var memory = new Memory(file)) {
            var conversation = new Conversation(control);
            var loop = new SessionLoop(datagrams, memory, conversation, new SecureRandom());
            conversation.with(loop);
            loop.resume(Memory.read(file));
            Thread.ofPlatform().name("bfd-control").daemon().start(() -> talk(control, conversation));
            Rehearsal.play();
            loop.run();
        }
    }

    /** A process that clients cannot reach is of no use, and its restart is not noticed. */
    private static void talk(ControlSocket control, Conversation conversation) {
        try {
            control.run(conversation);
        } catch (IOException e) {
            System.err.println("clients can no longer be heard: " + e.getMessage());
        } finally {
            System.exit(1);
        }
    }
}
