using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace TheseusSharp.Tests.Kernels;

/// <summary>Kernels in processes that lack wide vectors, FMA or dynamic code; and what the JIT makes of them.</summary>
public class ChildProcessTests(ITestOutputHelper output)
{
    [Fact]
    public void By_default_kernels_are_compiled_for_the_widest_vectors()
    {
        Dictionary<string, string> found = Run();
        Assert.Equal(RuntimeFeature.IsDynamicCodeSupported ? "Compiled" : "Interpreter", found["backend"]);
        Assert.Equal(Widest(), Width(found));
    }

    [Fact]
    public void Without_AVX512_kernels_are_narrower_and_right()
    {
        Dictionary<string, string> found = Run(("DOTNET_EnableAVX512", "0"));
        Assert.Equal(Math.Min(Widest(), 256), Width(found));
        Assert.Equal("Compiled", found["backend"]);
    }

    /// <summary>This takes FMA away, too.</summary>
    [Fact]
    public void Without_AVX_kernels_are_narrowest_and_right()
    {
        Dictionary<string, string> found = Run(("DOTNET_EnableAVX", "0"));
        Assert.Equal(128, Width(found));
        Assert.Equal("Compiled", found["backend"]);
    }

    [Fact]
    public void Without_dynamic_code_kernels_are_interpreted_to_the_same_bits()
    {
        Dictionary<string, string> compiled = Run();
        Dictionary<string, string> interpreted = ChildProcess.Run(output, dynamicCode: false);
        Assert.Equal("False", interpreted["dynamic code"]);
        Assert.Equal("Interpreter", interpreted["backend"]);
        Assert.Contains("cannot generate code", interpreted["forced compiled"], StringComparison.Ordinal);
        Assert.Equal(Checksums(compiled), Checksums(interpreted));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX")]
    public void Jit_optimises_every_kernel_and_leaves_no_call(string? switchedOff)
    {
        string file = Path.GetTempFileName();
        try
        {
            Run(
                ("DOTNET_JitStdOutFile", file), ("DOTNET_JitDisasmSummary", "1"), ("DOTNET_JitDisasm", "TheseusKernel"),
                (switchedOff ?? "DOTNET_NothingSwitchedOff", "0"));
            Check(File.ReadAllText(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private void Check(string log)
    {
        string[] summary = [.. Regex.Matches(log, @"JIT compiled .*:TheseusKernel\(.*").Select(match => match.Value)];
        output.WriteLine($"{summary.Length} kernel methods; the largest:");
        output.WriteLine(summary.MaxBy(BytesOfIl) ?? "none");
        Assert.InRange(summary.Length, 30, 200);
        Assert.All(summary, line => Assert.Contains("[FullOpts,", line, StringComparison.Ordinal));

        const string heading = "; Assembly listing for method ";
        string[] listings = log.Split(heading)[1..];
        Assert.Equal(summary.Length, listings.Length);
        foreach (string listing in listings)
        {
            // The listing is of the real thing: vector arithmetic, and nothing called.
            Assert.Matches(@"\s(v?(mul|add|sub|div|mov)[a-z]*p[sd]|vfm[a-z0-9]*p[sd]|fmul|fadd|ldr|str)\s", listing);
            Assert.DoesNotMatch(@"(?m)^\s+(call|tail\.jmp|bl|blr)\s", listing);
        }
    }

    private static int Widest() =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    private static int Width(Dictionary<string, string> found) =>
        int.Parse(found["width"], CultureInfo.InvariantCulture);

    private static int BytesOfIl(string line) =>
        int.Parse(Regex.Match(line, @"IL size=(\d+)").Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Checksums(Dictionary<string, string> found) =>
        found.Where(pair => pair.Key.StartsWith("checksum", StringComparison.Ordinal)).Select(pair => pair.ToString());

    private Dictionary<string, string> Run(params (string Name, string Value)[] environment) =>
        ChildProcess.Run(output, dynamicCode: true, environment);
}
