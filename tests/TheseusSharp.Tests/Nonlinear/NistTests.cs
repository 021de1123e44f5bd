using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using Xunit.Abstractions;

namespace TheseusSharp.Tests.Nonlinear;

/// <summary>Certified regressions, from both published starting points.</summary>
public sealed class NistTests(ITestOutputHelper output)
{
    private static readonly SolveOptions s_options = new()
    {
        MaxIterations = 2000,
        Stopping = new() { RelativeCostChange = 1e-15, AbsoluteCostChange = 0, Gradient = 0, RelativeStep = 1e-13 },
    };

    /// <summary>All but the first start of MGH17, which wants damping that follows the scale of parameters.</summary>
    public static TheoryData<string, int> Regressions
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string name in NistProblem.Names)
                for (int start = name == "MGH17" ? 1 : 0; start < 2; start++)
                    data.Add(name, start);
            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Regressions))]
    public void Certified_parameters_are_found(string name, int start) =>
        AssertFound(new LevenbergMarquardt(), name, start);

    [SkippableFact]
    public void Certified_parameters_are_found_from_far_away() =>
        AssertFound(new LevenbergMarquardt { IsEllipsoidal = true }, "MGH17", 0);

    private void AssertFound(LevenbergMarquardt optimizer, string name, int start)
    {
        NistProblem nist = NistProblem.Read(name);
        Assert.Equal(1, nist.Objective.GroupCount);
        var values = new Values();
        values.Set(nist.Parameters, nist.Starts[start]);
        SolveResult result = optimizer.Solve(nist.Objective.Compile(), values, s_options);
        double[] found = Numbers.Of(result.Values, nist.Parameters);
        double digits = -Math.Log10(found.Zip(nist.Certified, (b, c) => Math.Abs((b - c) / c)).Max() + 1e-16);
        output.WriteLine($"{name} start {start + 1}: {digits:F1} digits, {result.Summary.BriefReport()}");
        Assert.True(digits >= 6, $"{digits:F1} digits: {result.Summary.BriefReport()}");
        Assert.Equal(nist.CertifiedSum, 2 * result.First.FinalCost, 1e-6 * nist.CertifiedSum);
        Assert.True(result.First.Status.IsConverged(), result.First.Message);
    }
}
