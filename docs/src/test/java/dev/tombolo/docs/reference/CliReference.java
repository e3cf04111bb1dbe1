package dev.tombolo.docs.reference;

import dev.tombolo.cli.Main;
import dev.tombolo.cli.output.Console;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code cli.md}: every command of {@code tombolo}, as its parser knows them. */
final class CliReference {
    private static final int WIDTH = 100;

    private CliReference() {}

    static String page() {
        var nowhere = new PrintWriter(Writer.nullWriter());
        var root = Main.commandLine(new Console(nowhere, nowhere, false));
        var page = new Markdown()
                .heading(1, "Command line")
                .paragraph("Results go to standard output, progress and errors to standard error.");
        page.paragraph("Every command accepts these options:");
        options(page, root.getCommandSpec().options());
        page.heading(2, "Exit codes");
        page.table(
                List.of("Code", "Meaning"),
                root.getCommandSpec().usageMessage().exitCodeList().entrySet().stream()
                        .map(code -> List.of(Markdown.code(code.getKey()), code.getValue()))
                        .toList());
        commands(root).forEach(command -> section(page, command));
        return page.text();
    }

    /** A command, then those below it; hidden ones are left out. */
    private static Stream<CommandSpec> commands(CommandLine line) {
        var below = line.getSubcommands().values().stream()
                .distinct()
                .filter(command -> !command.getCommandSpec().usageMessage().hidden())
                .flatMap(CliReference::commands);
        return Stream.concat(Stream.of(line.getCommandSpec()), below);
    }

    private static void section(Markdown page, CommandSpec command) {
        var usage = command.usageMessage();
        page.heading(2, command.qualifiedName());
        page.paragraph(String.join("\n", usage.description()));
        usage.width(WIDTH);
        page.code("text", new CommandLine.Help(command).synopsis(0));
        options(page, command.options().stream().filter(CliReference::own).toList());
        if (usage.footer().length > 0) {
            page.paragraph("Examples:");
            page.code("text", Arrays.stream(usage.footer()).map(String::strip).collect(Collectors.joining("\n")));
        }
    }

    private static boolean own(OptionSpec option) {
        return !option.inherited() && option.scopeType() != CommandLine.ScopeType.INHERIT;
    }

    private static void options(Markdown page, List<OptionSpec> options) {
        if (!options.isEmpty()) {
            page.table(
                    List.of("Option", "Default", "What it does"),
                    options.stream().map(CliReference::option).toList());
        }
    }

    private static List<String> option(OptionSpec option) {
        String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
        String names = Arrays.stream(option.names())
                .flatMap(name ->
                        option.negatable() ? Stream.of(name, name.replaceFirst("^--", "--no-")) : Stream.of(name))
                .map(name -> Markdown.code(name + value))
                .collect(Collectors.joining(", "));
        String otherwise = option.required() ? "required" : option.defaultValue();
        boolean none = otherwise == null || otherwise.equals("_NULL_") || option.usageHelp();
        return List.of(
                names,
                none ? "–" : option.required() ? otherwise : Markdown.code(otherwise),
                String.join(" ", option.description()));
    }
}
