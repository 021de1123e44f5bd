using TheseusSharp.Adjoints;
using TheseusSharp.Geometry;
using TheseusSharp.Learning;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Learning;

/// <summary>Adam and gradient descent, on vectors and on groups.</summary>
public sealed class OuterOptimizerTests
{
    private static readonly Variable<Vector<Scalar>> s_vector = Variable.Vector("p", 2);
    private static readonly Variable<SE3<Scalar>> s_pose = Variable.SE3("x");

    [Fact]
    public void Gradient_descent_with_momentum_follows_its_formula()
    {
        var values = new Values();
        values.Set(s_vector, 1, -2);
        var sgd = new Sgd(0.1, momentum: 0.5);

        sgd.Step(values, Gradient(s_vector, 1, 2));
        Assert.Equal([0.9, -2.2], values.Get<Vector<Float64>>(s_vector).AsSpan().ToArray().Select(x => x.Value), Close);
        sgd.Step(values, Gradient(s_vector, 1, 0));
        Assert.Equal([0.75, -2.3], values.Get<Vector<Float64>>(s_vector).AsSpan().ToArray().Select(x => x.Value), Close);
    }

    [Fact]
    public void Adams_steps_are_those_of_the_paper()
    {
        var values = new Values();
        values.Set(s_vector, 0, 0);
        var adam = new Adam(0.01);
        double mean = 0, square = 0, expected = 0;
        for (int step = 1; step <= 5; step++)
        {
            double gradient = step - 2.5;
            adam.Step(values, Gradient(s_vector, gradient, -100 * gradient));
            mean = (0.9 * mean) + (0.1 * gradient);
            square = (0.999 * square) + (0.001 * gradient * gradient);
            expected -= 0.01 * mean / (1 - Math.Pow(0.9, step))
                / (Math.Sqrt(square / (1 - Math.Pow(0.999, step))) + 1e-8);
        }

        Vector<Float64> found = values.Get<Vector<Float64>>(s_vector);
        Assert.Equal(expected, found[0], 1e-12);
        Assert.Equal(-expected, found[1], 1e-8); // Steps do not depend on the gradient's scale.
    }

    [Fact]
    public void A_pose_finds_the_inverse_of_another_and_stays_a_pose()
    {
        var random = new Random(3);
        SE3<Float64> given = SE3<Float64>.Random(random);
        var values = new Values();
        values.Set(s_pose, SE3<Float64>.Random(random));
        var adam = new Adam(0.05);
        for (int step = 0; step < 2000; step++)
        {
            // ½‖Log(x∘given)‖² by x's tangent: Log's and the product's own derivatives.
            SE3<Float64> x = values.Get<SE3<Float64>>(s_pose);
            Vector<Float64> error = (x * given).Log();
            Matrix<Float64> jacobian = SE3<Float64>.RightJacobianInverse(error) * given.Inverse().Adjoint();
            double[] gradient = [.. Enumerable.Range(0, 6).Select(
                column => Enumerable.Range(0, 6).Sum(row => (double)(jacobian[row, column] * error[row])))];
            adam.Step(values, Gradient(s_pose, gradient));
            adam.LearningRate *= 0.996;
        }

        SE3<Float64> found = values.Get<SE3<Float64>>(s_pose);
        Assert.InRange((double)(found * given).Log().Norm(), 0, 1e-3);
        double[] q = [.. found.ToStorage()[3..].Select(entry => entry.Value)];
        Assert.Equal(1, q.Sum(entry => entry * entry), 1e-14);
    }

    [Fact]
    public void A_shared_value_moves_by_the_sum_over_the_batch_others_by_their_own()
    {
        Variable<Scalar> shared = Variable.Scalar("s"), own = Variable.Scalar("o");
        var values = new Values(3);
        values.Set(shared, 1.0);
        values.Set(own, 1, 2, 3);
        var gradients = new Gradients(3);
        gradients.Set(shared, 1, 2, 3);
        gradients.Set(own, 1, 2, 3);

        new Sgd(0.1).Step(values, gradients);

        Assert.Equal(0.4, values.Get(shared, 2), 1e-15);
        Assert.Equal([0.9, 1.8, 2.7], Enumerable.Range(0, 3).Select(element => values.Get(own, element)), Close);
        Assert.True(values.IsShared(shared));
    }

    [Fact]
    public void Wrong_use_is_told()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(double.NaN));
        var values = new Values(2);
        values.Set(s_vector, 1, 2);
        Assert.Contains("batch of 2", Assert.Throws<ArgumentException>(
            () => new Sgd(1).Step(values, Gradient(s_vector, 1, 1))).Message, StringComparison.Ordinal);
        Assert.Contains("'p'", Assert.Throws<KeyNotFoundException>(
            () => new Sgd(1).Step(values, new Gradients(2), s_vector)).Message, StringComparison.Ordinal);
    }

    private static bool Close(double a, double b) => Math.Abs(a - b) <= 1e-12;

    private static Gradients Gradient(Variable variable, params double[] gradient)
    {
        var gradients = new Gradients();
        gradients.Set(variable, gradient);
        return gradients;
    }
}
