using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Nonlinear;

/// <summary>
/// After its first iteration a solve allocates nothing. Run by itself: a collection that other tests cause in the midst
/// of a solve retires this thread's allocation buffer, which then counts as allocated.
/// </summary>
[Collection(nameof(AllocationTests))]
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationTests
{
    private const int Iterations = 12;

    public static TheoryData<string, LinearSolverKind> Cases
    {
        get
        {
            var cases = new TheoryData<string, LinearSolverKind>();
            foreach (string optimizer in (string[])["gn", "lm", "lm ellipsoidal"])
            {
                cases.Add(optimizer, LinearSolverKind.Dense);
                cases.Add(optimizer, LinearSolverKind.Sparse);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Iterations_allocate_nothing(string optimizer, LinearSolverKind solver) =>
        AssertNothingAllocated(optimizer, new() { LinearSolver = solver });

    /// <summary>Elements side by side: what one of them finds allocated between its iterations.</summary>
    [Theory]
    [InlineData("gn", LinearPrecision.Double)]
    [InlineData("lm", LinearPrecision.Double)]
    [InlineData("lm ellipsoidal", LinearPrecision.Double)]
    [InlineData("gn", LinearPrecision.Mixed)]
    [InlineData("lm", LinearPrecision.Mixed)]
    [InlineData("lm ellipsoidal", LinearPrecision.Mixed)]
    public void Iterations_side_by_side_allocate_nothing(string optimizer, LinearPrecision precision) =>
        AssertNothingAllocated(optimizer, new() { Layout = BatchLayout.Interleaved, Precision = precision });

    /// <summary>Rejected steps, those to NaN among them, are no exception.</summary>
    [Fact]
    public void Rejected_iterations_allocate_nothing()
    {
        Variable<Scalar> x = Variable.Scalar("x"), y = Variable.Scalar("y");
        var objective = new Objective();
        objective.Add(x, static x => Scalar.Log(x) + 3);
        objective.Add(y, Scalar.Atan);
        var values = new Values();
        values.Set(x, 1);
        values.Set(y, 100);
        long before = -1;
        int rejected = 0;
        SolveOptions options = new()
        {
            OnIteration = record =>
            {
                long now = GC.GetAllocatedBytesForCurrentThread();
                if (record.Iteration >= 2)
                    Assert.Equal(0, now - before);
                rejected += record.IsAccepted ? 0 : 1;
                before = GC.GetAllocatedBytesForCurrentThread();
            },
        };
        new LevenbergMarquardt { Damping = 1e-9 }.Solve(objective.Compile(), values, options);
        Assert.True(rejected >= 3, $"The test wants rejected steps; there were {rejected}.");
    }

    private static void AssertNothingAllocated(string optimizer, SolveOptions options)
    {
        PairedProblem pair = NoisyGraphs.Create<SE3<Scalar>, SE3<DoubleDouble>>(
            30, seed: 1, outliers: 4, RobustLoss.Huber(1));
        var bytes = new long[Iterations + 1];
        SolveResult result = Optimizer(optimizer).Solve(pair.Compile(), pair.Initial, options with
        {
            MaxIterations = Iterations,
            Stopping = StoppingCriteria.None,
            Threads = 1,
            OnIteration = record => bytes[record.Iteration] = GC.GetAllocatedBytesForCurrentThread(),
        });
        Assert.Equal(Iterations, result.First.Iterations);
        for (int k = 2; k <= Iterations; k++)
            Assert.Equal(0, bytes[k] - bytes[k - 1]);
    }

    private static Optimizer Optimizer(string name) => name switch
    {
        "gn" => new GaussNewton(),
        "lm" => new LevenbergMarquardt { Damping = 1e-9 },
        _ => new LevenbergMarquardt { IsEllipsoidal = true },
    };
}
