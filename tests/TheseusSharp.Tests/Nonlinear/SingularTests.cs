using System.Diagnostics;
using TheseusSharp.Costs;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Nonlinear;

/// <summary>A system without a unique solution is a status that names variables and cause.</summary>
public sealed class SingularTests
{
    private readonly Objective _objective = new();
    private readonly Values _values = new();
    private readonly Random _random = new(2);

    [Theory]
    [InlineData(LinearSolverKind.Dense)]
    [InlineData(LinearSolverKind.Sparse)]
    public void A_world_in_space_has_a_gauge_freedom_of_6(LinearSolverKind solver)
    {
        Chain<SE3<Scalar>, SE3<Float64>>("pose", 5, SE3<Float64>.Random);
        AssertSays(
            Solve(solver: solver), "gauge freedom of 6", "5 variable(s)", "'pose", "translation x",
            "translation z", "rotation x", "rotation z");
    }

    [Theory]
    [InlineData(LinearSolverKind.Dense)]
    [InlineData(LinearSolverKind.Sparse)]
    public void A_world_in_the_plane_has_a_gauge_freedom_of_3(LinearSolverKind solver)
    {
        Chain<SE2<Scalar>, SE2<Float64>>("pose", 6, SE2<Float64>.Random);
        AssertSays(
            Solve(solver: solver), "gauge freedom of 3", "6 variable(s)", "'pose", "translation y",
            "rotation");
    }

    [Fact]
    public void A_world_of_rotations_has_a_gauge_freedom_of_3()
    {
        Chain<SO3<Scalar>, SO3<Float64>>("r", 4, SO3<Float64>.Random);
        ElementResult result = Solve();
        AssertSays(result, "gauge freedom of 3", "rotation x", "rotation y", "rotation z");
        Assert.DoesNotContain("translation", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_world_of_poses_and_points_has_a_gauge_freedom_of_6()
    {
        Variable<SE3<Scalar>>[] poses = Chain<SE3<Scalar>, SE3<Float64>>("pose", 3, SE3<Float64>.Random);
        foreach (Variable<Point3<Scalar>> point in Variable.Many<Point3<Scalar>>("point", 2))
        {
            _values.Set(point, Point3<Float64>.Random(_random));
            foreach (Variable<SE3<Scalar>> pose in poses)
                _objective.Add(pose, point, static (x, p) => x.ActInverse(p));
        }

        AssertSays(Solve(), "gauge freedom of 6", "5 variable(s)", "translation", "rotation");
    }

    /// <summary>Held in place, not in orientation: only turns about that place are free, not about the origin.</summary>
    [Fact]
    public void A_world_that_turns_about_a_pose_is_singular_but_cannot_move()
    {
        Variable<SE3<Scalar>>[] poses = Chain<SE3<Scalar>, SE3<Float64>>("pose", 4, SE3<Float64>.Random);
        _objective.Add(poses[1], static x => x.Translation);
        ElementResult result = Solve();
        AssertSays(result, "'pose");
        Assert.DoesNotContain("translation", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_worlds_the_one_that_nothing_holds_is_named()
    {
        Variable<SE2<Scalar>>[] first = Chain<SE2<Scalar>, SE2<Float64>>("first", 3, SE2<Float64>.Random);
        Chain<SE2<Scalar>, SE2<Float64>>("second", 4, SE2<Float64>.Random);
        ElementResult result = Solve(held: first[0]);
        AssertSays(result, "gauge freedom of 3", "4 variable(s)", "'second0'");
        Assert.DoesNotContain("first", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_free_worlds_the_others_are_counted()
    {
        foreach (string name in (string[])["first", "second", "third"])
            Chain<SE3<Scalar>, SE3<Float64>>(name, 3, SE3<Float64>.Random);
        AssertSays(Solve(), "gauge freedom of 6", "3 variable(s)", "'first0'", "2 other part(s)");
    }

    /// <summary>Naming the cause takes time in proportion to the size, not to its square.</summary>
    [Fact]
    public void The_cause_is_found_among_very_many_worlds()
    {
        Variable<Point3<Scalar>>[] points = Variable.Many<Point3<Scalar>>("p", 50_000);
        foreach (Variable<Point3<Scalar>> point in points)
            _values.Set(point, new Point3<Float64>(1, 2, 3));
        _values.Set(points[^1], new Point3<Float64>(5, -1, 2));
        _objective.AddColumns(Column.Of(points[..^2]), static p => p.ToVector());
        _objective.Add(points[^2], points[^1], static (a, b) => a - b);
        long start = Stopwatch.GetTimestamp();
        AssertSays(Solve(), "gauge freedom of 3", "2 variable(s)", "'p49998'");
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 30);
    }

    [Fact]
    public void A_variable_without_influence_is_named()
    {
        Variable<SE2<Scalar>>[] poses = Chain<SE2<Scalar>, SE2<Float64>>("pose", 3, SE2<Float64>.Random);
        Variable<Scalar> ignored = Variable.Scalar("ignored"), weightless = Variable.Scalar("weightless");
        _values.Set(ignored, 1);
        _values.Set(weightless, 1);
        _objective.Add(poses[0], ignored, static (x, _) => x.Translation);
        _objective.Add(weightless, static x => x - 2, CostWeight.Scale(0));
        AssertSays(Solve(held: poses[0]), "2 unconnected variable(s)", "'ignored'", "'weightless'");
    }

    /// <summary>Seen once along a ray, a landmark may lie anywhere on it.</summary>
    [Fact]
    public void A_landmark_seen_once_is_named()
    {
        Variable<Point3<Scalar>> seenOnce = Variable.Point3("seen once"), seenTwice = Variable.Point3("seen twice");
        Variable<SE3<Scalar>>[] poses = Chain<SE3<Scalar>, SE3<Float64>>("pose", 2, SE3<Float64>.Random);
        static Vector<Scalar> Ray(SE3<Scalar> x, Point3<Scalar> p)
        {
            Point3<Scalar> local = x.ActInverse(p);
            return new(local.X / local.Z, local.Y / local.Z);
        }

        _values.Set(seenOnce, new Point3<Float64>(2, 1, 7));
        _values.Set(seenTwice, new Point3<Float64>(-1, 1, 6));
        _objective.Add(poses[0], seenOnce, Ray);
        _objective.Add(poses[0], seenTwice, Ray);
        _objective.Add(poses[1], seenTwice, Ray);
        ElementResult result = Solve(held: poses[0]);
        AssertSays(result, "largest at 'seen once' (1)");
        Assert.DoesNotContain("gauge", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damping_solves_what_is_singular()
    {
        Chain<SE3<Scalar>, SE3<Float64>>("pose", 5, SE3<Float64>.Random);
        SolveResult result = new LevenbergMarquardt().Solve(_objective.Compile(), _values);
        Assert.True(result.First.Status.IsConverged(), result.First.Message);
        Assert.InRange(result.First.FinalCost, 0, 1e-12);
    }

    private Variable<TGroup>[] Chain<TGroup, TNumber>(string name, int count, Func<Random, TNumber> draw)
        where TGroup : struct, ILieGroup<TGroup, Scalar>
        where TNumber : struct, ILieGroup<TNumber, Float64>
    {
        Variable<TGroup>[] variables = Variable.Many<TGroup>(name, count);
        foreach (Variable<TGroup> variable in variables)
            _values.Set(variable, draw(_random));
        for (int k = 1; k < count; k++)
        {
            var storage = new Float64[TNumber.StorageLength];
            draw(_random).CopyTo(storage);
            var measurement = TGroup.FromStorage(Array.ConvertAll(storage, x => (Scalar)x.Value));
            _objective.Add(variables[k - 1], variables[k], Between.Measured(measurement));
        }

        return variables;
    }

    private ElementResult Solve(Variable? held = null, LinearSolverKind solver = LinearSolverKind.Automatic) =>
        new GaussNewton().Solve(
            _objective.Compile(new() { Held = held is null ? [] : [held] }), _values,
            new() { LinearSolver = solver }).First;

    private static void AssertSays(ElementResult result, params string[] words)
    {
        Assert.Equal(SolveStatus.Singular, result.Status);
        Assert.False(result.IsUsable);
        foreach (string word in words)
            Assert.Contains(word, result.Message, StringComparison.Ordinal);
    }
}
