using TheseusSharp.Adjoints;
using TheseusSharp.Costs;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;
using TheseusSharp.Uncertainty;

namespace TheseusSharp.Tests.Uncertainty;

/// <summary>Covariances against closed forms and dense inverses; samples against covariances.</summary>
public sealed class LaplaceApproximationTests
{
    [Fact]
    public void A_chain_of_measurements_adds_up_variances()
    {
        // x₀ known to σ = 1/2, each next one measured from the last to σ = 1/3: variances 1/4 + k/9.
        Variable<Scalar>[] x = Variable.Many<Scalar>("x", 30);
        var objective = new Objective();
        objective.Add(x[0], x => x - 1.0, CostWeight.Scale(2));
        for (int k = 1; k < x.Length; k++)
            objective.Add(x[k - 1], x[k], (a, b) => b - a, CostWeight.Scale(3));
        var values = new Values();
        foreach (Variable<Scalar> variable in x)
            values.Set(variable, 0.0);

        using LaplaceApproximation laplace = LaplaceApproximation.At(objective.Compile(), values);

        for (int k = 0; k < x.Length; k++)
            Assert.Equal(0.25 + (k / 9.0), Assert.Single(laplace.Covariance(x[k])), 1e-12);
        Assert.Equal(0.25 + (5 / 9.0), Assert.Single(laplace.Covariance(x[5], x[20])), 1e-12);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)] // Sparse: more than 64 coordinates.
    public void Samples_have_the_covariance_in_the_tangent_space(int count)
    {
        (Problem problem, Values values, Variable<SE3<Scalar>>[] poses) = Chain(count);
        Values solution = new LevenbergMarquardt().Solve(problem, values).Values;
        using LaplaceApproximation laplace = LaplaceApproximation.At(problem, solution);
        Variable<SE3<Scalar>> pose = poses[2];
        double[] expected = laplace.Covariance(pose);
        const int samples = 20_000;
        const double temperature = 0.01;

        Values drawn = laplace.Sample(samples, new Random(7), temperature);

        var sum = new double[36];
        SE3<Float64> mean = solution.Get<SE3<Float64>>(pose);
        for (int sample = 0; sample < samples; sample++)
        {
            Vector<Float64> delta = mean.Local(drawn.Get<SE3<Float64>>(pose, sample));
            for (int k = 0; k < 36; k++)
                sum[k] += delta[k / 6] * delta[k % 6] / samples;
        }

        double largest = expected.Max();
        for (int k = 0; k < 36; k++)
            Assert.Equal(expected[k], sum[k] / temperature, 0.05 * largest);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)] // Sparse: more than 64 coordinates.
    public void All_covariances_at_once_are_those_one_by_one(int count)
    {
        (Problem problem, Values values, Variable<SE3<Scalar>>[] poses) = Chain(count);
        using LaplaceApproximation laplace = LaplaceApproximation.At(problem, values);
        IReadOnlyDictionary<Variable, double[]> all = laplace.Covariances();
        Assert.Equal(problem.OptimizedCount, all.Count);
        foreach ((Variable variable, double[] covariance) in all)
        {
            double[] expected = laplace.Covariance(variable);
            for (int k = 0; k < expected.Length; k++)
                Assert.Equal(expected[k], covariance[k], 1e-9 * expected.Max());
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_another_seed_does_not()
    {
        (Problem problem, Values values, Variable<SE3<Scalar>>[] poses) = Chain(4);
        using LaplaceApproximation laplace = LaplaceApproximation.At(problem, values);
        double[] Draw(int seed)
        {
            var storage = new double[7];
            laplace.Sample(3, new Random(seed)).CopyTo(poses[1], 2, storage);
            return storage;
        }

        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }

    [Fact]
    public void An_element_of_a_batch_is_sampled_as_if_it_were_alone()
    {
        (Problem problem, Values first, Variable<SE3<Scalar>>[] poses) = Chain(4);
        var batch = new Values(2);
        foreach (Variable<SE3<Scalar>> pose in poses)
        {
            batch.Set(pose, 0, SE3<Float64>.Identity);
            batch.Set(pose, 1, first.Get<SE3<Float64>>(pose));
        }

        using LaplaceApproximation alone = LaplaceApproximation.At(problem, first);
        using LaplaceApproximation inBatch = LaplaceApproximation.At(problem, batch, 1);
        Values expected = alone.Sample(5, new Random(3)), found = inBatch.Sample(5, new Random(3));

        Assert.Equal(5, found.BatchSize);
        for (int sample = 0; sample < 5; sample++)
            foreach (Variable<SE3<Scalar>> pose in poses)
                Assert.Equal(Storage(expected, pose, sample), Storage(found, pose, sample));
        Assert.NotEqual(Storage(found, poses[1], 0), Storage(found, poses[1], 1));
        Assert.Equal(Storage(first, poses[0], 0), Storage(found, poses[0], 4)); // Held, so given.
    }

    [Fact]
    public void Variables_of_every_kind_are_sampled_together()
    {
        // A pose known to some precision carries a direction, a rotation and a point: correlated through the pose.
        Variable<SE2<Scalar>> pose = Variable.SE2("pose");
        Variable<SO2<Scalar>> heading = Variable.SO2("heading");
        Variable<SO3<Scalar>> turn = Variable.SO3("turn");
        Variable<Point2<Scalar>> point = Variable.Point2("point");
        var objective = new Objective();
        objective.Add(pose, x => x.Log(), CostWeight.Diagonal(5, 7, 9));
        objective.Add(pose, heading, (x, h) => x.Rotation.Between(h).Log(), CostWeight.Scale(4));
        objective.Add(turn, x => x.Log(), CostWeight.Diagonal(6, 8, 10));
        objective.Add(pose, point, (x, p) => (x.ActInverse(p) - new Point2<Scalar>(1, 2)).ToVector());
        var values = new Values();
        values.Set(pose, SE2<Float64>.Identity);
        values.Set(heading, SO2<Float64>.Identity);
        values.Set(turn, SO3<Float64>.Identity);
        values.Set(point, new Point2<Float64>(1, 2));
        Problem problem = objective.Compile();
        Variable[] variables = [pose, heading, turn, point];
        using LaplaceApproximation laplace = LaplaceApproximation.At(problem, values);
        const int count = 20_000;
        const double temperature = 1e-4; // Small, so that the tangents of the sum are those of the parts.

        Values drawn = laplace.Sample(count, new Random(5), temperature);

        double[][] tangents = [.. Enumerable.Range(0, count).Select(sample => (double[])
        [
            .. Numbers(drawn.Get<SE2<Float64>>(pose, sample).Log()),
            .. Numbers(drawn.Get<SO2<Float64>>(heading, sample).Log()),
            .. Numbers(drawn.Get<SO3<Float64>>(turn, sample).Log()),
            .. Numbers(new Point2<Float64>(1, 2).Local(drawn.Get<Point2<Float64>>(point, sample))),
        ])];
        int row = 0;
        foreach (Variable a in variables)
        {
            int column = 0;
            foreach (Variable b in variables)
            {
                double[] expected = laplace.Covariance(a, b);
                for (int k = 0; k < expected.Length; k++)
                {
                    (int i, int j) = (row + (k / b.Kind.TangentLength), column + (k % b.Kind.TangentLength));
                    double found = tangents.Average(tangent => tangent[i] * tangent[j]) / temperature;
                    double scale = Math.Sqrt(Variance(i) * Variance(j));
                    Assert.True(Math.Abs(found - expected[k]) < 0.05 * scale, $"{a}, {b}: {found}, {expected[k]}");
                }

                column += b.Kind.TangentLength;
            }

            row += a.Kind.TangentLength;
        }

        double Variance(int k) => tangents.Average(tangent => tangent[k] * tangent[k]) / temperature;
    }

    /// <summary>
    /// LEO learns by the energy of the truth less that of samples: equal on average if weights are one over the noise.
    /// </summary>
    [Fact]
    public void Samples_have_the_energy_of_the_truth_where_weights_are_true()
    {
        Variable<Point2<Scalar>>[] path = Variable.Many<Point2<Scalar>>("path", 20);
        Variable<Scalar> weight = Variable.Scalar("weight", VariableRole.Constant);
        var objective = new Objective();
        Variable<Point2<Scalar>>[] gps = Variable.Many<Point2<Scalar>>("gps", path.Length, VariableRole.Constant);
        objective.AddColumns(
            Column.Of(path), Column.Of(gps), Column.Shared(weight), (x, seen, weight) => (x - seen) * weight);
        Problem problem = objective.Compile();
        const double noise = 0.5;
        var random = new Random(6);
        var values = new Values();
        var truth = new Values();
        values.Set(weight, 1 / noise);
        for (int k = 0; k < path.Length; k++)
        {
            var seen = new Point2<Float64>(noise * Normal(random), noise * Normal(random));
            values.Set(gps[k], seen);
            values.Set(path[k], seen);
            truth.Set(gps[k], seen);
            truth.Set(path[k], new Point2<Float64>(0, 0));
        }

        truth.Set(weight, 1 / noise);
        using LaplaceApproximation around = LaplaceApproximation.At(problem, values);
        Values samples = around.Sample(10_000, new Random(7));

        // Each of 40 squares of normal numbers has mean 1: ½·40 of samples, and of the truth within 3 deviations.
        Assert.Equal(20, problem.Evaluate(samples).Objective.Average(), 0.2);
        Assert.Equal(20, problem.Evaluate(truth).Objective[0], 3 * Math.Sqrt(20));

        static double Normal(Random random) =>
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    [Fact]
    public void A_free_gauge_has_no_covariance_and_says_why()
    {
        Variable<SE2<Scalar>>[] x = Variable.Many<SE2<Scalar>>("x", 2);
        var objective = new Objective();
        objective.Add(x[0], x[1], Between.Measured(SE2<Scalar>.Identity));
        var values = new Values();
        values.Set(x[0], SE2<Float64>.Identity);
        values.Set(x[1], SE2<Float64>.Identity);

        using LaplaceApproximation laplace = LaplaceApproximation.At(objective.Compile(), values);

        Assert.False(laplace.IsDefined);
        Assert.Contains("gauge freedom of 3", laplace.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => laplace.Covariance(x[0]));
        Assert.Throws<InvalidOperationException>(() => laplace.Sample(1, new Random(1)));
    }

    [Fact]
    public void Constant_variables_have_none()
    {
        (Problem problem, Values values, Variable<SE3<Scalar>>[] poses) = Chain(4);
        using LaplaceApproximation laplace = LaplaceApproximation.At(problem, values);

        Assert.Contains("'x0'", Assert.Throws<ArgumentException>(
            () => laplace.Covariance(poses[0])).Message, StringComparison.Ordinal);
    }

    private static double[] Storage(Values values, Variable variable, int element)
    {
        var storage = new double[variable.Kind.StorageLength];
        values.CopyTo(variable, element, storage);
        return storage;
    }

    private static IEnumerable<double> Numbers(Vector<Float64> vector) =>
        vector.AsSpan().ToArray().Select(entry => entry.Value);

    private static (Problem Problem, Values Values, Variable<SE3<Scalar>>[] Poses) Chain(int count)
    {
        var random = new Random(count);
        Variable<SE3<Scalar>>[] poses = Variable.Many<SE3<Scalar>>("x", count);
        var objective = new Objective();
        var values = new Values();
        for (int k = 0; k < count; k++)
            values.Set(poses[k], SE3<Float64>.Random(random));
        for (int k = 1; k < count; k++)
        {
            SE3<Scalar> motion = values.Get<SE3<Float64>>(poses[k - 1]).Between(values.Get<SE3<Float64>>(poses[k]));
            objective.Add(poses[k - 1], poses[k], Between.Measured(motion), CostWeight.Diagonal(9, 8, 7, 12, 10, 11));
        }

        return (objective.Compile(new ProblemOptions { Held = [poses[0]] }), values, poses);
    }
}
