using TheseusSharp.Costs;
using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Linearization;

/// <summary>
/// Groups of one size over variables of every kind: with weights and losses, variables held in some cost functions
/// only, one variable twice in a cost function, pairs in both orders, a variable in all, and a group of constants.
/// </summary>
internal sealed class MixedModel
{
    private readonly Random _random = new(17);
    private readonly int _size;
    private readonly DenseModel _dense = new();
    private readonly Variable<SE3<Scalar>>[] _pose;
    private readonly Variable<SE2<Scalar>>[] _planar;
    private readonly Variable<SO3<Scalar>>[] _rotation = Variable.Many<SO3<Scalar>>("rotation", 3);
    private readonly Variable<SO2<Scalar>>[] _heading = Variable.Many<SO2<Scalar>>("heading", 2);
    private readonly Variable<Point3<Scalar>>[] _point = Variable.Many<Point3<Scalar>>("point", 4);
    private readonly Variable<Point2<Scalar>>[] _corner = Variable.Many<Point2<Scalar>>("corner", 3);
    private readonly Variable<Vector<Scalar>>[] _vector = [Variable.Vector("u", 4), Variable.Vector("v", 4)];
    private readonly Variable<Scalar> _gain = Variable.Scalar("gain");
    private readonly Variable<Scalar> _given = Variable.Scalar("given", VariableRole.Constant);

    private MixedModel(int size)
    {
        _size = size;
        _pose = Variable.Many<SE3<Scalar>>("pose", Math.Min(size + 1, 12));
        _planar = Variable.Many<SE2<Scalar>>("planar", Math.Min(size + 1, 12));
        for (int k = 0; k < size; k++)
            AddCosts(k);
        SetValues();
        Problem = Compile(CompilerOptions.Default);
        Oracle = _dense.Linearize(Problem, Values);
    }

    public Values Values { get; } = new();

    public Problem Problem { get; }

    public DenseSystem Oracle { get; }

    public static MixedModel Of(int size) => new(size);

    /// <summary>The same problem with other kernels.</summary>
    public Problem Compile(CompilerOptions options) =>
        _dense.Objective.Compile(new() { Held = [_pose[0], _planar[1], _heading[1]], Compiler = options });

    private void AddCosts(int k)
    {
        _dense.Add(
            Pick(_pose, k), Pick(_pose, k + 1), Between.Measured<SE3<Scalar>>(SE3<Float64>.Random(_random)),
            DenseWeight.Diagonal(Numbers(6)), DenseLoss.Huber(1 + _random.NextDouble()));
        (int from, int to) = k % 2 == 0 ? (k, k + 1) : (k + 1, k);
        _dense.Add(
            Pick(_planar, from), Pick(_planar, to), Between.Measured<SE2<Scalar>>(SE2<Float64>.Random(_random)),
            DenseWeight.Full(Numbers(9)), DenseLoss.Welsch(2 + _random.NextDouble()));
        Point3<Scalar> seen = Point3<Float64>.Random(_random);
        _dense.Add(
            Pick(_rotation, k), Pick(_point, 3 * k), _gain, (r, p, gain) => (r.Act(p) * gain) - seen,
            DenseWeight.Diagonal(Numbers(3)));
        _dense.Add(
            Pick(_heading, k), _gain,
            (heading, gain) => new Vector<Scalar>(heading.Log()[0] * gain, Scalar.Sin(heading.Angle())));
        Point2<Scalar> corner = Point2<Float64>.Random(_random);
        _dense.Add(Pick(_planar, k), Pick(_corner, k), (x, p) => x.ActInverse(p) - corner, loss: DenseLoss.Huber(0.1));
        double shift = _random.NextDouble();
        _dense.Add(
            _vector[k % 2], _vector[(k + 1) % 2], _given,
            (u, v, given) => new Vector<Scalar>((u[0] * v[3]) - shift, Scalar.Exp(u[1] - v[2]) * given));
        _dense.Add(_vector[1], _vector[1], (u, v) => (u * u[1]) + (shift * v));
        _dense.Add(_given, _heading[1], (given, heading) => (given * shift) + heading.Log()[0]);
    }

    private void SetValues()
    {
        Array.ForEach(_pose, x => Values.Set(x, SE3<Float64>.Random(_random)));
        Array.ForEach(_planar, x => Values.Set(x, SE2<Float64>.Random(_random)));
        Array.ForEach(_rotation, x => Values.Set(x, SO3<Float64>.Random(_random)));
        Array.ForEach(_heading, x => Values.Set(x, SO2<Float64>.Random(_random)));
        Array.ForEach(_point, x => Values.Set(x, Point3<Float64>.Random(_random)));
        Array.ForEach(_corner, x => Values.Set(x, Point2<Float64>.Random(_random)));
        Array.ForEach(_vector, x => Values.Set(x, Vector<Float64>.Random(4, _random)));
        Values.Set(_gain, 1.3);
        Values.Set(_given, 0.7);
    }

    private static T Pick<T>(T[] from, int k) => from[k % from.Length];

    private double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (2 * _random.NextDouble()) - 1)];
}
