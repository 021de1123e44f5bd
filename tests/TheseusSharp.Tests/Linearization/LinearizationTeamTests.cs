using TheseusSharp.Data;
using TheseusSharp.Geometry;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Linearization;

/// <summary>Several threads give the bits of one: costs, gradient, H, moved values.</summary>
[Collection(nameof(Nonlinear.AllocationTests))]
public sealed class LinearizationTeamTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Every_number_of_threads_gives_the_same_bits(int threads)
    {
        foreach ((Problem problem, Values values) in Problems())
        {
            LinearizationPlan plan = LinearizationPlan.Of(problem);
            var state = new SolverState(problem);
            state.Load(values, 0);
            Outcome alone = Run(problem, new(plan), state);
            Outcome together = Run(problem, new(plan, threads, isShared: true), state);
            Assert.True(alone.Cost > 0);
            Assert.Equal(alone.Objective, together.Objective);
            Assert.Equal(alone.Cost, together.Cost);
            Assert.Equal(alone.Gradient, together.Gradient);
            Assert.Equal(alone.Hessian, together.Hessian);
            Assert.Equal(alone.Moved, together.Moved);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Each_contribution_is_in_one_share(int parts)
    {
        LinearizationPlan plan = LinearizationPlan.Of(MixedModel.Of(13).Problem);
        Assert.Equal(Enumerable.Range(0, parts), EquationParts.Divide(plan, parts).Distinct().Order());
        CostShare[][] shares = plan.SharesOf(parts);
        Assert.Same(shares, plan.SharesOf(parts));
        for (int k = 0; k < plan.Groups.Length; k++)
        {
            GroupPlan group = plan.Groups[k];
            for (int cost = 0; cost < group.Count; cost++)
            {
                var holders = shares[k].Select(share => (share.Columns, At: Array.IndexOf(share.Costs, cost)))
                    .Where(share => share.At >= 0).ToArray();
                Assert.NotEmpty(holders);
                for (int p = 0; p < group.Gradients.Length; p++)
                    if (group.Gradients[p].Offsets[cost] is >= 0 and var offset)
                        Assert.Single(holders, share => share.Columns.Gradients[p].Offsets[share.At] == offset);
                for (int b = 0; b < group.Blocks.Length; b++)
                    if (group.Blocks[b][cost] is { IsThere: true } place)
                        Assert.Single(holders, share => share.Columns.Blocks[b][share.At] == place);
            }
        }
    }

    [Fact]
    public void Small_problems_are_not_shared()
    {
        Assert.False(LinearizationTeam.Pays(LinearizationPlan.Of(MixedModel.Of(8).Problem), 2));
        LinearizationPlan large = LinearizationPlan.Of(Cube().Problem);
        Assert.False(LinearizationTeam.Pays(large, 1));
        Assert.True(LinearizationTeam.Pays(large, 2));
    }

    [Fact]
    public void A_shared_linearization_allocates_nothing()
    {
        (Problem problem, Values values) = Cube();
        var linearizer = new Linearizer(LinearizationPlan.Of(problem), 2, isShared: true);
        SolverState state = new(problem), moved = new(problem);
        state.Load(values, 0);
        var step = new Pinned<double>(linearizer.Gradient.Length);
        void Once()
        {
            linearizer.Linearize(state);
            linearizer.Retract(state, step, moved);
            linearizer.Objective(moved);
        }

        Once();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int k = 0; k < 5; k++)
            Once();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>One block, whole blocks and remainders; several windows; groups whose kernel gives J.</summary>
    private static IEnumerable<(Problem Problem, Values Values)> Problems()
    {
        foreach (int size in (int[])[1, 8, 13, 200])
        {
            MixedModel model = MixedModel.Of(size);
            yield return (model.Problem, model.Values);
        }

        yield return Cube();
        yield return LargeJacobian();
    }

    private static (Problem Problem, Values Values) Cube()
    {
        PoseGraph graph = SyntheticCube.Generate(new() { Poses = 3000, Seed = 5, RotationNoise = 0.02 }).Graph;
        PoseGraphProblem problem = PoseGraphProblem.Create(graph, new());
        return (problem.Problem, problem.CreateValues(graph.Poses));
    }

    private static (Problem Problem, Values Values) LargeJacobian()
    {
        Variable<Vector<Scalar>>[] x = [.. Enumerable.Range(0, 5).Select(k => Variable.Vector($"x{k}", 90))];
        var objective = new Objective();
        var values = new Values();
        var random = new Random(3);
        foreach (Variable<Vector<Scalar>> variable in x)
            values.Set(variable, [.. Enumerable.Range(0, 90).Select(_ => random.NextDouble())]);
        for (int k = 0; k < 29; k++)
        {
            double shift = random.NextDouble();
            objective.Add(
                x[k % 5], x[(k + 1 + (k % 4)) % 5],
                (a, b) => new Vector<Scalar>(a.Dot(b) + shift, a.Dot(a) - (shift * b[0])),
                loss: RobustLoss.Welsch(2.0));
        }

        return (objective.Compile(), values);
    }

    private static Outcome Run(Problem problem, Linearizer linearizer, SolverState state)
    {
        var moved = new SolverState(problem);
        linearizer.Linearize(state); // What a run leaves behind must not reach the next.
        double cost = linearizer.Linearize(state);
        var step = new Pinned<double>(linearizer.Gradient.Length);
        for (int k = 0; k < step.Length; k++)
            step.Span[k] = 0.1 * Math.Sin(k);
        linearizer.Retract(state, step, moved);
        return new(
            linearizer.Objective(state), cost, linearizer.Gradient.ToArray(), linearizer.Hessian.Values.ToArray(),
            moved.SaveOptimized());
    }

    private sealed record Outcome(double Objective, double Cost, double[] Gradient, double[] Hessian, double[] Moved);
}
