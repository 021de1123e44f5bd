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
