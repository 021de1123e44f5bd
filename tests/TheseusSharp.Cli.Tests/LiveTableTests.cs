using Spectre.Console;
using Spectre.Console.Testing;
using TheseusSharp.Cli.Output;

namespace TheseusSharp.Cli.Tests;

/// <summary>The table that grows in place on a terminal.</summary>
public sealed class LiveTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_terminal_shows_every_iteration_in_the_end()
    {
        (string screen, string below) = Solve(width: 100);
        string[] lines = screen.Split('\n');
        int header = Array.FindLastIndex(lines, line => line.Contains("iter          cost", StringComparison.Ordinal));
        int last = int.Parse(
            below.Split('\n').Single(line => line.StartsWith("Iterations", StringComparison.Ordinal)).Split(' ')[6],
            System.Globalization.CultureInfo.InvariantCulture);

        Assert.Contains("\e[", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("iter          cost", below, StringComparison.Ordinal);
        for (int iteration = 0; iteration <= last; iteration++)
            Assert.StartsWith($"{iteration,4}  ", lines[header + 1 + iteration], StringComparison.Ordinal);
    }

    [Fact]
    public void A_narrow_terminal_gets_lines()
    {
        (string screen, string below) = Solve(width: 79);

        Assert.Empty(screen);
        Assert.StartsWith("iter          cost", below, StringComparison.Ordinal);
    }

    private (string Screen, string Below) Solve(int width)
    {
        using var console = new TestConsole().EmitAnsiSequences();
        console.Profile.Width = width;
        using var output = new StringWriter();
        var terminal = new Terminal(output, TextWriter.Null, new Lazy<IAnsiConsole?>(console));

        Assert.Equal(0, Tool.Run(["solve", _folder.Cube(100)], terminal, CancellationToken.None));
        return (console.Output, output.ToString());
    }
}
