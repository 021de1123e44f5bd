using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Oracles;

/// <summary>
/// Derivatives by central differences in double-double: the oracle of every Jacobian. Group elements are perturbed on
/// the right, x∘Exp(δ); a group-valued result moves by its tangent, Log(y₀⁻¹∘y).
/// </summary>
/// <remarks>
/// One Richardson step leaves an error of order h⁴: at h = 2⁻³⁴ rounding (1e-31/h) is all that counts, so derivatives
/// of functions of moderate size are good to about 1e-20. So small a step also stays on its side of a kink 1e-9 away.
/// </remarks>
internal static class Differences
{
    private static readonly DoubleDouble s_step = Math.ScaleB(1, -34);

    private static readonly Dictionary<ValueKind, (Move Retract, Move Local)> s_groups = new()
    {
        [SO2<Scalar>.FixedKind] = Moves<SO2<DoubleDouble>>(),
        [SE2<Scalar>.FixedKind] = Moves<SE2<DoubleDouble>>(),
        [SO3<Scalar>.FixedKind] = Moves<SO3<DoubleDouble>>(),
        [SE3<Scalar>.FixedKind] = Moves<SE3<DoubleDouble>>(),
    };

    private delegate DoubleDouble[] Move(ReadOnlySpan<DoubleDouble> from, ReadOnlySpan<DoubleDouble> by);

    /// <summary>
    /// The derivatives of a function's results by every coordinate of one parameter: its tangent, for a row array or a
    /// table its entries.
    /// </summary>
    /// <param name="function">From arguments (see <see cref="WalkInputs{T}.Of"/>) to results.</param>
    /// <param name="result">The kind of the result; null for plain numbers.</param>
    /// <param name="arguments">Where.</param>
    /// <param name="parameter">By what.</param>
    /// <returns>For each coordinate the derivatives of all results.</returns>
    public static DoubleDouble[][] By(
        Func<DoubleDouble[][], DoubleDouble[]> function, ValueKind? result, DoubleDouble[][] arguments,
            Parameter parameter)
    {
        DoubleDouble[] origin = function(arguments);
        int coordinates = parameter.Kind.IsGroup ? parameter.Kind.TangentLength : arguments[parameter.Index].Length;
        var derivatives = new DoubleDouble[coordinates][];
        for (int k = 0; k < coordinates; k++)
        {
            int coordinate = k;
            DoubleDouble[] At(DoubleDouble by) =>
                Local(result, origin, function(Moved(arguments, parameter, coordinate, by)));
            derivatives[k] = Derivative(At);
        }

        return derivatives;
    }

    /// <summary>The derivative of a curve at 0.</summary>
    public static DoubleDouble[] Derivative(Func<DoubleDouble, DoubleDouble[]> curve)
    {
        DoubleDouble[] whole = Central(curve, s_step);
        DoubleDouble[] half = Central(curve, 0.5 * s_step);
        return [.. whole.Zip(half, static (coarse, fine) => fine + ((fine - coarse) / 3.0))];
    }

    /// <summary>x∘Exp(δ); the sum, for what is not a group.</summary>
    public static DoubleDouble[] Retract(ValueKind kind, DoubleDouble[] x, DoubleDouble[] tangent) =>
        s_groups.TryGetValue(kind, out var moves)
            ? moves.Retract(x, tangent)
            : [.. x.Zip(tangent, static (a, b) => a + b)];

    private static DoubleDouble[] Central(Func<DoubleDouble, DoubleDouble[]> curve, DoubleDouble step) =>
        [.. curve(step).Zip(curve(-step), (ahead, behind) => (ahead - behind) / (2.0 * step))];

    private static DoubleDouble[][] Moved(
        DoubleDouble[][] arguments, Parameter parameter, int coordinate, DoubleDouble by)
    {
        DoubleDouble[] x = arguments[parameter.Index];
        var tangent = new DoubleDouble[parameter.Kind.IsGroup ? parameter.Kind.TangentLength : x.Length];
        tangent[coordinate] = by;
        var moved = (DoubleDouble[][])arguments.Clone();
        moved[parameter.Index] = Retract(parameter.Kind, x, tangent);
        return moved;
    }

    private static DoubleDouble[] Local(ValueKind? kind, DoubleDouble[] from, DoubleDouble[] to) =>
        kind is not null && s_groups.TryGetValue(kind, out var moves) ? moves.Local(from, to) : to;

    private static (Move Retract, Move Local) Moves<TGroup>()
        where TGroup : struct, ILieGroup<TGroup, DoubleDouble> => (
        static (x, tangent) => Storage(TGroup.ComposeRule(TGroup.FromStorage(x), TGroup.ExpRule(tangent))),
        static (from, to) =>
        {
            var tangent = new DoubleDouble[TGroup.TangentLength];
            TGroup.LogRule(TGroup.BetweenRule(TGroup.FromStorage(from), TGroup.FromStorage(to)), tangent);
            return tangent;
        }
    );

    private static DoubleDouble[] Storage<TGroup>(TGroup x)
        where TGroup : struct, ILieGroup<TGroup, DoubleDouble>
    {
        var storage = new DoubleDouble[TGroup.StorageLength];
        x.CopyTo(storage);
        return storage;
    }
}
