package dev.tombolo.agent.wiring;

import dev.tombolo.agent.api.AgentApi;
import dev.tombolo.kube.KubeAccess;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.wireguard.WireGuardBackend;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.env.Environment;
import java.io.IOException;
import java.time.Clock;

/** Constructs the process. */
@Factory
@Requires(missingProperty = Training.PROPERTY)
final class AgentModule {
    @Context
    @Bean(preDestroy = "close")
    KubeApi kube() throws IOException {
        return KubeApi.connect(KubeAccess.detect(System.getenv()));
    }

    @Context
    @Bean(preDestroy = "close")
    Agent agent(Environment configuration, KubeApi kube, MeterRegistry registry) throws IOException {
        var settings = Settings.read(configuration, System.getenv());
        var times = new Agent.Times(new ApplyTimers(registry), new BgpTimers(registry));
        return new Agent(settings, kube, WireGuardBackend.detect(), Underlay.mtu(settings.device()), times);
    }

    @Context
    @Bean(preDestroy = "close")
    StatusReporter reporter(Agent agent, KubeApi kube) {
        return new StatusReporter(agent, kube, Clock.systemUTC()).start();
    }

    @Context
    @Bean(preDestroy = "close")
    AgentMetrics metrics(Agent agent, MeterRegistry registry) {
        return new AgentMetrics(agent, registry).start();
    }

    @Context
    @Bean(preDestroy = "close")
    AgentApi api(Agent agent, StatusReporter reporter) throws IOException {
        return AgentApi.serve(agent.settings.run().resolve("agent.sock"), new AgentViews(agent, reporter));
    }
}
