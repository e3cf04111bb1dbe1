package dev.tombolo.lab.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "env", mixinStandardHelpOptions = true, description = "Print what points kubectl and tombolo at a lab.")
final class EnvCommand implements Callable<Integer> {
    @Mixin
    private LabChoice lab;

    @Override
    public Integer call() throws Exception {
        lab.file();
        System.out.println("export KUBECONFIG='" + lab.home().kubeconfig() + "'");
        return 0;
    }
}
