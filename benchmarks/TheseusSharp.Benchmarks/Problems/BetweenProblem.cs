using TheseusSharp.Benchmarks.Peers;
using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Benchmarks.Problems;

/// <summary>
/// W·Log(m⁻¹∘a⁻¹∘b) with a full 6×6 weight over N pose pairs: poses are gathered by index from elements of eight
/// numbers,
/// results are scattered row-major, measurements and weights lie ready as each side likes them best.
/// </summary>
internal sealed unsafe class BetweenProblem
{
    private const int PoseStride = 8;
    private readonly double[] _poses;
    private readonly int[] _first;
    private readonly int[] _second;
    private readonly double[] _measurements;
    private readonly double[] _weights;
    private readonly double[] _values;
    private readonly double[] _jacobian;
    private readonly float[] _singleValues;
    private readonly float[] _singleJacobian;
    private readonly Side<double> _double;
    private readonly Side<float> _single;
    private readonly Side<double> _interpreted;

    public BetweenProblem(int count, int seed = 1)
    {
        Count = count;
        var random = new Random(seed);
        int poses = Math.Max(2, (count * 2) / 5);
        SE3<Float64>[] elements = Enumerable.Range(0, poses).Select(_ => SE3<Float64>.Random(random)).ToArray();
        _poses = new double[poses * PoseStride];
        for (int k = 0; k < poses; k++)
            Store(elements[k], _poses.AsSpan(k * PoseStride));
        _first = new int[count];
        _second = new int[count];
        _measurements = new double[count * 7];
        _weights = Enumerable.Range(0, count * 36).Select(_ => random.NextDouble()).ToArray();
        for (int k = 0; k < count; k++)
        {
            (_first[k], _second[k]) = (random.Next(poses), random.Next(poses));
            var noise = Vector<Float64>.Random(6, random) * ErrorSize(k);
            SE3<Float64> measurement = elements[_first[k]].Between(elements[_second[k]]) * SE3<Float64>.Exp(noise);
            Store(measurement, _measurements.AsSpan(k * 7));
        }

        (_values, _jacobian) = (new double[count * 6], new double[count * 72]);
        (_singleValues, _singleJacobian) = (new float[count * 6], new float[count * 72]);
        _double = Prepare(KernelBackend.Compiled, _poses, _measurements, _weights);
        _interpreted = Prepare(KernelBackend.Interpreter, _poses, _measurements, _weights);
        _single = Prepare(KernelBackend.Compiled, Single(_poses), Single(_measurements), Single(_weights));
    }

    public int Count { get; }

    public Function Function => _double.Function;

    public static Function Trace(CompilerOptions? options = null) => Function.Compile(
        (SE3<Scalar> a, SE3<Scalar> b, SE3<Scalar> m, Vector<Scalar> w) => Weighted(w, m.Between(a.Between(b)).Log()),
        [Shape.Vector(36)],
        options);

    public void Residual() => _double.Function.Evaluate(_double.Arguments, _values);

    public void Jacobian() => _double.Function.Jacobian(_double.Arguments, _values, _jacobian);

    public void SingleJacobian() => _single.Function.Jacobian(_single.Arguments, _singleValues, _singleJacobian);

    public void InterpretedJacobian() => _interpreted.Function.Jacobian(_interpreted.Arguments, _values, _jacobian);

    public void ManagedResidual() => Call(HandWrittenBetween.Residual);

    public void ManagedJacobian() => Call(HandWrittenBetween.Jacobian);

    public void TextbookJacobian() => Call(TextbookBetween.Jacobian);

    public void NativeResidual() => Call(NativePeers.BetweenResidual);

    public void NativeJacobian() => Call(NativePeers.BetweenJacobian);

    /// <summary>The largest difference to what a peer computes, in the values and in the Jacobian.</summary>
    public double DifferenceTo(Action peer)
    {
        Jacobian();
        double[] values = [.. _values], jacobian = [.. _jacobian];
        peer();
        return Math.Max(
            values.Zip(_values, static (a, b) => Math.Abs(a - b)).Max(),
            jacobian.Zip(_jacobian, static (a, b) => Math.Abs(a - b)).Max());
    }

    /// <summary>Three in four errors as in a pose graph near its optimum, one in four large.</summary>
    private static double ErrorSize(int index) => index % 4 == 0 ? 1.0 : 0.05;

    private static Vector<Scalar> Weighted(Vector<Scalar> weight, Vector<Scalar> residual) =>
        new Matrix<Scalar>(6, 6, weight.AsSpan().ToArray()) * residual;

    private static void Store(SE3<Float64> pose, Span<double> target)
    {
        Float64[] storage = pose.ToStorage();
        for (int k = 0; k < storage.Length; k++)
            target[k] = storage[k];
    }

    private static float[] Single(double[] numbers) => Array.ConvertAll(numbers, static x => (float)x);

    private Side<T> Prepare<T>(KernelBackend backend, T[] poses, T[] measurements, T[] weights)
        where T : unmanaged
    {
        Function function = Trace(new CompilerOptions(Backend: backend)).WithRespectTo(0, 1).WithTiled(2, 3);
        TiledArguments<T> tile = function.Tile<T>(measurements, weights);
        return new(
            function,
            [
                Argument<T>.Gather(poses, _first, PoseStride), Argument<T>.Gather(poses, _second, PoseStride),
                Argument<T>.Tiled(tile), Argument<T>.Tiled(tile),
            ]);
    }

    private void Call(Peer peer)
    {
        fixed (double* poses = _poses, m = _measurements, w = _weights, values = _values, jacobian = _jacobian)
        fixed (int* first = _first, second = _second)
            peer(Count, poses, PoseStride, first, second, m, w, values, jacobian);
    }

    private void Call(ResidualPeer peer) =>
        Call((n, poses, stride, i, j, m, w, r, _) => peer(n, poses, stride, i, j, m, w, r));

    private delegate void Peer(int n, double* poses, int stride, int* i, int* j, double* m, double* w, double* r,
        double* jacobian);

    private delegate void ResidualPeer(int n, double* poses, int stride, int* i, int* j, double* m, double* w,
        double* r);

    private sealed record Side<T>(Function Function, Argument<T>[] Arguments)
        where T : unmanaged;
}
