package dev.tombolo.agent;

import dev.tombolo.agent.api.BgpRoutesCommand;
import dev.tombolo.agent.api.FlowsCommand;
import dev.tombolo.agent.api.ServiceCommand;
import dev.tombolo.agent.wiring.Cleanup;
import dev.tombolo.agent.wiring.Training;
import io.micronaut.context.exceptions.BeanInstantiationException;
import io.micronaut.runtime.Micronaut;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The node agent; {@code cleanup} takes every trace of it off this node, {@code flows} prints what it knows of flows,
 * {@code service} what it knows of a service, {@code bgp-routes} what it tells routers, {@code train FILE} touches the classes of a start.
 */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        String command = arguments.length == 0 ? "run" : arguments[0];
        try {
            switch (command) {
                case "run" ->
                    Micronaut.build(new String[0])
                            .mainClass(Main.class)
                            .banner(false)
                            .start();
                case "cleanup" -> Cleanup.run(System.getenv());
                case "flows" -> {
                    FlowsCommand.run(List.of(arguments).subList(1, arguments.length), System.getenv());
                    System.exit(0);
                }
                case "service" -> {
                    ServiceCommand.run(List.of(arguments).subList(1, arguments.length), System.getenv());
                    System.exit(0);
                }
                case "bgp-routes" -> {
                    BgpRoutesCommand.run(List.of(arguments).subList(1, arguments.length), System.getenv());
                    System.exit(0);
                }
                case "train" -> {
                    Training.run(Path.of(arguments[1]));
                    System.exit(0);
                }
                default -> {
                    System.err.println(
                            "read \"" + command + "\", expected run, cleanup, flows, service, bgp-routes or train");
                    System.exit(2);
                }
            }
        } catch (IOException | RuntimeException failure) {
            System.err.println(explain(failure));
            System.exit(1);
        }
    }

    private static String explain(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof BeanInstantiationException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof IOException || cause instanceof IllegalArgumentException
                ? cause.getMessage()
                : failure.toString();
    }
}
