namespace TheseusSharp.Cli.Tests;

/// <summary>What the tool says of itself, and of command lines that it does not understand.</summary>
public sealed class UsageTests
{
    [Fact]
    public void Output_that_cannot_be_written_is_told_in_one_line()
    {
        ToolRun run = ToolRun.Of(new FullWriter(), CancellationToken.None, "demo");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("No space left", ToolRun.OneLine(run.Error), StringComparison.Ordinal);
    }

    [Fact]
    public void Help_names_every_command()
    {
        ToolRun run = ToolRun.Of("--help");

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.All(
            ["solve", "generate", "demo", "--version"],
            word => Assert.Contains(word, run.Out, StringComparison.Ordinal));
    }

    [Fact]
    public void Help_of_solve_names_every_option_default_and_exit_code()
    {
        string help = ToolRun.Of("solve", "--help").Out;

        string[] words =
        [
            "FILE.g2o", "--optimizer <gn|lm>", "--init <file|odometry|chordal>", "--information <full|diagonal|clamp>",
            "--gauge <first|free>", "--iterations <N>", "--threads <N>",
            "--precision <automatic|double|mixed>", "--output <OUT.g2o>", "--json <SUMMARY.json>", "--quiet", "[default: lm]", "[default: full]", "[default: first]", "[default: 100]", "[default: all cores]",
            "0:", "1:", "2:", "130:",
        ];
        Assert.All(words, word => Assert.Contains(word, help, StringComparison.Ordinal));
    }

    [Fact]
    public void Help_of_generate_names_every_option()
    {
        string help = ToolRun.Of("generate", "cube", "--help").Out;

        Assert.All(
            ["OUT.g2o", "--poses <N>", "--seed <S>", "--outliers <P>", "[default: 0.05]"],
            word => Assert.Contains(word, help, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("command", "theseus --help")]
    [InlineData("'nonsense'", "theseus --help", "nonsense")]
    [InlineData("FILE.g2o", "theseus solve --help", "solve")]
    [InlineData("FILE.g2o", "theseus solve --help", "solve", "")]
    [InlineData("'--bogus'", "theseus solve --help", "solve", "a.g2o", "--bogus")]
    [InlineData("'second.g2o'", "theseus solve --help", "solve", "a.g2o", "second.g2o")]
    [InlineData("--optimizer: expected gn|lm, found 'newton'", "solve --help", "solve", "a", "--optimizer", "newton")]
    [InlineData("--init: expected file|odometry|chordal, found '2'", "solve --help", "solve", "a", "--init", "2")]
    [InlineData("--information: expected full|diagonal|clamp, found 'Full'", "", "solve", "a", "--information", "Full")]
    [InlineData("--gauge: expected first|free, found 'last'", "solve --help", "solve", "a", "--gauge", "last")]
    [InlineData("--gauge", "theseus solve --help", "solve", "a", "--gauge")]
    [InlineData("from 0 to 100000, found '-1'", "solve --help", "solve", "a", "--iterations", "-1")]
    [InlineData("from 0 to 100000, found '1e3'", "solve --help", "solve", "a", "--iterations", "1e3")]
    [InlineData("from 0 to 100000, found '100001'", "solve --help", "solve", "a", "--iterations", "100001")]
    [InlineData("--iterations", "solve --help", "solve", "a", "--iterations", "1", "--iterations", "2")]
    [InlineData("from 1 to 1024, found '0'", "solve --help", "solve", "a", "--threads", "0")]
    [InlineData("--output: expected the path", "solve --help", "solve", "a", "--output", "")]
    [InlineData("--json: expected the path", "solve --help", "solve", "a", "--json", "")]
    [InlineData("command", "theseus generate --help", "generate")]
    [InlineData("'--poses'", "theseus generate cube --help", "generate", "cube", "--seed", "1", "a.g2o")]
    [InlineData("'--seed'", "theseus generate cube --help", "generate", "cube", "--poses", "1", "a.g2o")]
    [InlineData("'OUT.g2o'", "cube --help", "generate", "cube", "--poses", "1", "--seed", "1")]
    [InlineData("found '0'", "cube --help", "generate", "cube", "--poses", "0", "--seed", "1", "a.g2o")]
    [InlineData("found 'x'", "cube --help", "generate", "cube", "--poses", "1", "--seed", "x", "a.g2o")]
    [InlineData(
        "--outliers: expected a number from 0 to 1, found '1.5'", "cube --help",
        "generate", "cube", "--poses", "1", "--seed", "1", "--outliers", "1.5", "a.g2o")]
    [InlineData(
        "found 'NaN'", "cube --help", "generate", "cube", "--poses", "1", "--seed", "1", "--outliers", "NaN", "a.g2o")]
    public void Misuse_is_refused_in_a_line_that_names_it(string thing, string help, params string[] arguments)
    {
        string line = ToolRun.Refused(arguments);

        Assert.Contains(thing, line, StringComparison.Ordinal);
        Assert.Contains(help, line, StringComparison.Ordinal);
    }

    private sealed class FullWriter : StringWriter
    {
        public override void WriteLine(string? value) => throw new IOException("No space left on device.");
    }
}
