using TheseusSharp.Benchmarks.Peers;
using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Benchmarks.Problems;

/// <summary>
/// The reprojection error of bundle adjustment (Snavely's camera: angle-axis, translation, focal length, two
/// distortions)
/// over N observations; cameras and points are gathered by index, results are scattered row-major.
/// </summary>
internal sealed unsafe class SnavelyProblem
{
    private readonly double[] _cameras;
    private readonly double[] _points;
    private readonly int[] _camera;
    private readonly int[] _point;
    private readonly double[] _observations;
    private readonly double[] _values;
    private readonly double[] _jacobian;
    private readonly Argument<double>[] _arguments;

    public SnavelyProblem(int count, int seed = 1)
    {
        Count = count;
        var random = new Random(seed);
        double Uniform(double size) => size * ((2 * random.NextDouble()) - 1);
        int cameras = Math.Max(2, count / 100), points = Math.Max(2, count / 4);
        _cameras = Enumerable.Range(0, cameras).SelectMany(_ => (double[])
            [Uniform(0.8), Uniform(0.8), Uniform(0.8), Uniform(0.5), Uniform(0.5), -6 + Uniform(1), 600 + Uniform(100),
                Uniform(0.05), Uniform(0.01)])
            .ToArray();
        _points = Enumerable.Range(0, points * 3).Select(_ => Uniform(1)).ToArray();
        _camera = Enumerable.Range(0, count).Select(_ => random.Next(cameras)).ToArray();
        _point = Enumerable.Range(0, count).Select(_ => random.Next(points)).ToArray();
        _observations = Enumerable.Range(0, count * 2).Select(_ => Uniform(100)).ToArray();
        (_values, _jacobian) = (new double[count * 2], new double[count * 24]);
        Function = Trace().WithRespectTo(0, 1).WithTiled(2);
        _arguments =
        [
            Argument<double>.Gather(_cameras, _camera), Argument<double>.Gather(_points, _point),
            Argument<double>.Tiled(Function.Tile<double>(_observations)),
        ];
    }

    public int Count { get; }

    public Function Function { get; }

    public static Function Trace() => Function.Compile(
        (Vector<Scalar> camera, Point3<Scalar> point, Point2<Scalar> observed) => Project(camera, point) - observed,
        [Shape.Vector(9)]);

    public void Residual() => Function.Evaluate(_arguments, _values);

    public void Jacobian() => Function.Jacobian(_arguments, _values, _jacobian);

    public void ManagedJacobian() => Call(HandWrittenSnavely.Jacobian);

    public void NativeJacobian() => Call(NativePeers.SnavelyJacobian);

    /// <summary>The largest difference to what a peer computes, relative to the largest entry.</summary>
    public double DifferenceTo(Action peer)
    {
        Jacobian();
        double[] jacobian = [.. _jacobian];
        peer();
        return jacobian.Zip(_jacobian, static (a, b) => Math.Abs(a - b)).Max() / jacobian.Max(Math.Abs);
    }

    private static Point2<Scalar> Project(Vector<Scalar> camera, Point3<Scalar> point)
    {
        Point3<Scalar> p = (SO3<Scalar>.Exp(camera.Slice(0, 3)) * point) + new Point3<Scalar>(camera[3], camera[4],
            camera[5]);
        Scalar scale = -1 / p.Z;
        var image = new Point2<Scalar>(scale * p.X, scale * p.Y);
        Scalar radius = image.SquaredNorm();
        Scalar distortion = 1 + (radius * (camera[7] + (radius * camera[8])));
        return (camera[6] * distortion) * image;
    }

    private void Call(Peer peer)
    {
        fixed (double* cameras = _cameras, points = _points, observed = _observations, values = _values,
            jacobian = _jacobian)
        fixed (int* camera = _camera, point = _point)
            peer(Count, cameras, 9, points, 3, camera, point, observed, values, jacobian);
    }

    private delegate void Peer(
        int n, double* cameras, int cameraStride, double* points, int pointStride, int* camera, int* point,
        double* observed,
        double* r, double* jacobian);
}
