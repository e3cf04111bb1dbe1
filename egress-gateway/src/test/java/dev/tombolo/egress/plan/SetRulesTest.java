package dev.tombolo.egress.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.egress.PolicyBuilder;
import dev.tombolo.model.net.Prefix;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Overlapping policies of one set of pods: in words, and what becomes of them. */
class SetRulesTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            # the policies by rank: destinations, and holes with !        | rules                                               | lost
            a 10.0.0.0/8, b 10.1.0.0/16                                   | 10.0.0.0/8=a, 10.1.0.0/16=b                         |
            a 10.1.0.0/16, b 10.0.0.0/8                                   | 10.0.0.0/8=b, 10.1.0.0/16=a                         |
            a 10.0.0.0/8, b 10.0.0.0/8                                    | 10.0.0.0/8=a                                        | b 10.0.0.0/8 a
            a 10.0.0.0/8 !10.1.0.0/16                                     | 10.0.0.0/8=a, 10.1.0.0/16=!a                        |
            a 10.0.0.0/8 !10.1.0.0/16, b 10.0.0.0/8                       | 10.0.0.0/8=a, 10.1.0.0/16=b                         | b 10.0.0.0/8 a
            a 10.0.0.0/8, b 10.0.0.0/8 !10.1.0.0/16                       | 10.0.0.0/8=a                                        | b 10.0.0.0/8 a
            a 10.0.0.0/8 !10.1.0.0/16 10.1.2.0/24                         | 10.0.0.0/8=a, 10.1.0.0/16=!a, 10.1.2.0/24=a         |
            a 10.0.0.0/8 !10.0.0.0/8                                      |                                                     |
            a 10.0.0.0/8 !10.0.0.0/8, b 10.0.0.0/8                        | 10.0.0.0/8=b                                        |
            a 10.1.0.0/16 !192.0.2.0/24                                   | 10.1.0.0/16=a                                       |
            a 10.0.0.0/8 10.1.0.0/16                                      | 10.0.0.0/8=a                                        |
            a 0.0.0.0/0, b ::/0                                           | 0.0.0.0/0=a, ::/0=b                                 |
            a ::/0 2001:db8::/32 10.0.0.0/8, b 10.1.0.0/16                | ::/0=a, 10.0.0.0/8=a, 10.1.0.0/16=b                 |
            a 0.0.0.0/0 !10.0.0.0/8, b 10.1.0.0/16                        | 0.0.0.0/0=a, 10.0.0.0/8=!a, 10.1.0.0/16=b           |
            a 0.0.0.0/0 !10.0.0.0/8, b 0.0.0.0/0 !10.1.0.0/16             | 0.0.0.0/0=a, 10.0.0.0/8=b, 10.1.0.0/16=!a           | b 0.0.0.0/0 a
            """)
    void overlaps(String policies, String rules, String lost) {
        var derived = SetRules.of(
                Arrays.stream(policies.split(", ")).map(SetRulesTest::member).toList());
        assertThat(derived.verdicts().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, rule -> said(rule.getValue()))))
                .isEqualTo(
                        rules == null
                                ? Map.of()
                                : Arrays.stream(rules.split(", "))
                                        .map(rule -> rule.split("="))
                                        .collect(Collectors.toMap(rule -> Prefix.parse(rule[0]), rule -> rule[1])));
        assertThat(derived.losses().stream()
                        .map(loss -> loss.policy() + " " + loss.destination() + " " + loss.winner())
                        .collect(Collectors.joining(", ")))
                .isEqualTo(lost == null ? "" : lost);
    }

    private static String said(SetRules.Verdict verdict) {
        return (verdict instanceof SetRules.Verdict.Excluded ? "!" : "") + verdict.policy();
    }

    private static SetRules.Member member(String text) {
        String[] words = text.split(" ");
        var policy = PolicyBuilder.policy(words[0]);
        for (String word : Arrays.copyOfRange(words, 1, words.length)) {
            if (word.startsWith("!")) {
                policy.notTo(word.substring(1));
            } else {
                policy.to(word);
            }
        }
        return new SetRules.Member(policy.build(), Optional.empty());
    }
}
