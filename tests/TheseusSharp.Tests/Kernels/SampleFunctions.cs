using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using SE3 = TheseusSharp.Geometry.SE3<TheseusSharp.Symbolics.Scalar>;
using Vector = TheseusSharp.Geometry.Vector<TheseusSharp.Symbolics.Scalar>;

namespace TheseusSharp.Tests.Kernels;

/// <summary>Functions of every make that kernels are tried on.</summary>
internal static class SampleFunctions
{
    private static readonly Dictionary<string, Func<CompilerOptions?, Function>> s_all = new()
    {
        ["between"] = Between,
        ["snavely"] = options => Function.Compile<Vector, Point3<Scalar>, Vector, Vector>(
            Snavely, [Shape.Vector(9), Shape.Vector(2)], options),
        ["elementary"] = options => Function.Compile<Vector, Vector>(Elementary, [Shape.Vector(4)], options),
        ["masks"] = options => Function.Compile<Scalar, Scalar, Scalar, Vector>(Masks, default, options),
        ["large"] = options => Function.Compile<Vector, Vector>(Large, [Shape.Vector(8)], options),
        ["scattered"] = options => Function.Compile<Vector, Vector>(Scattered, [Shape.Vector(600)], options),
        ["passed through"] = options => Function.Compile<Scalar, Vector, Vector>(
            PassedThrough, [Shape.Vector(3)], options),
        ["one scalar"] = options => Function.Compile<Scalar, Scalar>(
            static x => x * Scalar.Exp(-x * x), default, options),
        ["only constants"] = options => Function.Compile<Scalar, Vector>(
            static x => new(1, -0.0, Scalar.Sqrt(2), 1e300), default, options),
        ["group result"] = options => Function.Compile<SE3, Vector, SE3>(
            static (x, step) => x.Retract(step), [Shape.Vector(6)], options),
    };

    /// <summary>All but the one that has too many numbers to be tried every way.</summary>
    public static IEnumerable<string> Names => s_all.Keys.Where(name => name != "scattered");

    public static Function Make(string name, CompilerOptions? options = null) => s_all[name](options);

    /// <summary>The relative-pose cost of pose graphs with a full square-root information matrix.</summary>
    public static Function Between(CompilerOptions? options = null) => Function.Compile<SE3, SE3, SE3, Vector, Vector>(
        static (a, b, measured, weight) => new Matrix<Scalar>(6, 6, weight.AsSpan().ToArray())
            * measured.Local(a.Between(b)),
        [Shape.Vector(36)],
        options);

    /// <summary>Every elementary function, most of them with arguments within their polynomials' ranges.</summary>
    public static Vector Elementary(Vector x)
    {
        Scalar positive = (x[3] * x[3]) + 0.1;
        return new(
            Scalar.Sin(x[0]), Scalar.Cos(3.0 * x[1]), Scalar.Tan(x[0] + x[1]), Scalar.Asin(0.4 * x[2]),
            Scalar.Acos(0.5 * x[1]), Scalar.Atan(7.0 * x[2]), Scalar.Atan2(x[0], x[1]), Scalar.Exp(5.0 * x[3]),
            Scalar.Log(positive), Scalar.Pow(positive, x[2]), Scalar.Sqrt(positive));
    }

    /// <summary>Snavely's reprojection error, the camera as [angle-axis, translation, f, k₁, k₂].</summary>
    private static Vector Snavely(Vector camera, Point3<Scalar> point, Vector observed)
    {
        SO3<Scalar> rotation = SO3<Scalar>.Exp(camera.Slice(0, 3));
        Point3<Scalar> p = (rotation * point) + new Point3<Scalar>(camera[3], camera[4], camera[5]);
        Scalar x = -p.X / p.Z, y = -p.Y / p.Z;
        Scalar squared = (x * x) + (y * y);
        Scalar scale = camera[6] * (1.0 + (squared * (camera[7] + (squared * camera[8]))));
        return new((scale * x) - observed[0], (scale * y) - observed[1]);
    }

    private static Vector Masks(Scalar x, Scalar y, Scalar z)
    {
        Mask<Scalar> inside = (x < y) & (y <= z);
        Mask<Scalar> either = Scalar.EqualTo(x, 0) | !(z > x) | (x >= 1);
        return new(
            Scalar.Where(inside, Scalar.Sqrt(y - x), 0),
            Scalar.Where(either, x * y, x / y),
            Scalar.Where(inside & either, Scalar.Min(x, z), Scalar.Max(x, z)),
            Scalar.Min(x, y) + Scalar.Max(y, z),
            Scalar.Abs(z),
            Scalar.Where(!inside | either, z, -z));
    }

    /// <summary>Thousands of instructions with dozens of live values: several chunks, many spills.</summary>
    private static Vector Large(Vector x)
    {
        Scalar[] state = [.. Enumerable.Range(0, 40).Select(k => x[k % x.Length] + (0.1 * k))];
        for (int round = 0; round < 20; round++)
            for (int k = 0; k < state.Length; k++)
            {
                Scalar near = state[(k + 7) % state.Length], far = state[(k + round + 1) % state.Length];
                state[k] = (state[k] * near * 0.01) - (far * 0.5);
            }

        Scalar sum = state.Aggregate((a, b) => a + b);
        return new(Scalar.Sin(sum), Scalar.Cos(state[3]) * Scalar.Atan2(state[5], state[9]), sum);
    }

    /// <summary>
    /// Hardly an operand is in a register: each instruction reads memory three times and writes it once, so methods
    /// take as much IL as they can.
    /// </summary>
    private static Vector Scattered(Vector x)
    {
        var random = new Random(4);
        Scalar Any() => x[random.Next(x.Length)];
        return new([.. Enumerable.Range(0, 950).Select(_ => -((Any() * Any()) + Any()))]);
    }

    private static Vector PassedThrough(Scalar x, Vector y) =>
        new(x, 2.5, y[2], y[0] + x, y[0] + x, x, 2.5, -x, y[0] * 0.0, y[1]);
}
