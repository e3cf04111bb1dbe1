package dev.tombolo.apiserver;

import dev.tombolo.apiserver.certificates.EtcdPreparation;
import dev.tombolo.kube.KubeAccess;
import dev.tombolo.kube.KubeApi;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.runtime.Micronaut;
import java.io.IOException;
import java.nio.file.Path;

/** The mesh API server; {@code certificates} prepares certificates and etcd, once, before anything is served. */
public final class Main {
    private static final int ETCD_PORT = 2379;
    private static final int ETCD_PEER_PORT = 2380;

    private Main() {}

    public static void main(String[] arguments) {
        try {
            switch (arguments.length == 0 ? "run" : arguments[0]) {
                case "run" ->
                    Micronaut.build(new String[0])
                            .mainClass(Main.class)
                            .banner(false)
                            .start();
                case "certificates" -> prepare();
                case "train" -> {
                    Training.run(Path.of(arguments[1]));
                    System.exit(0);
                }
                default -> {
                    System.err.println("read \"" + arguments[0] + "\", expected run, certificates or train");
                    System.exit(2);
                }
            }
        } catch (InterruptedException stopped) {
            System.exit(1);
        } catch (IOException | RuntimeException failure) {
            System.err.println(explain(failure));
            System.exit(1);
        }
    }

    private static void prepare() throws IOException, InterruptedException {
        // Without the process's own beans: they would connect to an etcd that is not there yet.
        try (var context = ApplicationContext.builder()
                .banner(false)
                .bootstrapEnvironment(false)
                .build()) {
            context.getEnvironment().start();
            var config = Configuration.read(context.getEnvironment());
            var environment = System.getenv();
            try (var kube = KubeApi.connect(KubeAccess.detect(environment))) {
                ApiServerModule.certificates(config, kube, environment).ensure();
            }
            var data = Path.of(environment.getOrDefault("TOMBOLO_ETCD_DATA", "/var/run/etcd/data"));
            new EtcdPreparation(config.self().name(), data, ETCD_PORT, ETCD_PEER_PORT).run();
        }
    }

    private static String explain(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Configuration.BadConfiguration || cause instanceof ConfigurationException) {
                return cause.getMessage();
            }
        }
        return failure.toString();
    }
}
