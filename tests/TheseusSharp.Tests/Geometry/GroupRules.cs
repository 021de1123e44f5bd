using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;
using Matrix = TheseusSharp.Geometry.Matrix<TheseusSharp.Tests.Oracles.DoubleDouble>;
using Vector = TheseusSharp.Geometry.Vector<TheseusSharp.Tests.Oracles.DoubleDouble>;

namespace TheseusSharp.Tests.Geometry;

/// <summary>The scalar that a law is tried in.</summary>
public enum Precision
{
    Double,
    Single,
    DoubleDouble,
}

/// <summary>
/// The rules of one group in one precision, spoken to in double-double: so a law is one text for all groups and
/// precisions, and what it computes itself adds no rounding. An element is its storage.
/// </summary>
internal abstract class GroupRules
{
    /// <summary>The relative rounding error of the precision.</summary>
    public abstract double Unit { get; }

    public abstract int StorageLength { get; }

    public abstract int TangentLength { get; }

    public abstract int PointLength { get; }

    public abstract Vector Identity { get; }

    /// <summary>The nearest numbers that the precision has: inputs that it can take without error.</summary>
    public abstract Vector Round(Vector values);

    public abstract Vector Random(int seed);

    public abstract Vector Compose(Vector a, Vector b);

    public abstract Vector Inverse(Vector a);

    public abstract Vector Between(Vector a, Vector b);

    public abstract Vector Normalize(Vector a);

    public abstract Vector Exp(Vector tangent);

    public abstract Vector Log(Vector x);

    public abstract Vector Retract(Vector x, Vector tangent);

    public abstract Vector Local(Vector x, Vector y);

    public abstract Matrix Hat(Vector tangent);

    public abstract Vector Vee(Matrix algebra);

    public abstract Matrix ToMatrix(Vector x);

    public abstract Matrix Adjoint(Vector x);

    public abstract Vector AdjointInverse(Vector x, Vector tangent);

    public abstract Vector CoadjointInverse(Vector x, Vector cotangent);

    public abstract Vector Act(Vector x, Vector point);

    public abstract Vector ActInverse(Vector x, Vector point);

    public abstract Vector Rotate(Vector x, Vector vector);

    public abstract Vector RotateInverse(Vector x, Vector vector);

    public abstract Vector ActTangent(Vector tangent, Vector point);

    public abstract Vector ActCotangent(Vector point, Vector cotangent);

    public abstract Matrix RightJacobian(Vector tangent);

    public abstract Matrix RightJacobianInverse(Vector tangent);

    public abstract Matrix LeftJacobian(Vector tangent);

    public abstract Matrix LeftJacobianInverse(Vector tangent);

    public abstract Matrix LogJacobian(Vector x, Vector tangent);

    public abstract Vector LogCotangent(Vector x, Vector tangent, Vector cotangent);

    public abstract Vector Lift(Vector x, Vector tangent);

    public abstract Vector Project(Vector x, Vector cotangent);

    public abstract Vector Unlift(Vector x, Vector derivative);

    public abstract Vector StorageGradient(Vector x, Vector gradient);

    public abstract Vector TangentGradient(Vector x, Vector storageGradient);

    public abstract Matrix MatrixGradient(Vector x, Vector gradient);

    public abstract Vector TangentGradient(Vector x, Matrix matrixGradient);

    /// <summary>What a static method of the type makes of a tangent (Vee: of its matrix); null if missing.</summary>
    public abstract Vector? Static(string name, Vector tangent);
}

/// <summary>The rules of a group, called on the scalar that they are tried in.</summary>
/// <param name="unit">The relative rounding error of the scalar.</param>
/// <param name="narrow">Rounds to the scalar.</param>
/// <param name="widen">The scalar, exactly.</param>
internal sealed class GroupRules<TGroup, T>(double unit, Func<DoubleDouble, T> narrow, Func<T, DoubleDouble> widen)
    : GroupRules
    where TGroup : struct, ILieGroup<TGroup, T>
    where T : struct, IScalar<T>
{
    public override double Unit => unit;

    public override int StorageLength => TGroup.StorageLength;

    public override int TangentLength => TGroup.TangentLength;

    public override int PointLength => TGroup.PointLength;

    public override Vector Identity => Out(TGroup.Identity);

    public override Vector Round(Vector values) => Out(In(values));

    public override Vector Random(int seed) => Out(GroupStatics<TGroup>.Random(new Random(seed)));

    public override Vector Compose(Vector a, Vector b) => Out(Element(a).Compose(Element(b)));

    public override Vector Inverse(Vector a) => Out(Element(a).Inverse());

    public override Vector Between(Vector a, Vector b) => Out(Element(a).Between(Element(b)));

    public override Vector Normalize(Vector a) => Out(Element(a).Normalize());

    public override Vector Exp(Vector tangent) => Out(LieGroup<TGroup, T>.Exp(In(tangent)));

    public override Vector Log(Vector x) => Out(Element(x).Log());

    public override Vector Retract(Vector x, Vector tangent) => Out(Element(x).Retract(In(tangent)));

    public override Vector Local(Vector x, Vector y) => Out(Element(x).Local(Element(y)));

    public override Matrix Hat(Vector tangent) => Out(LieGroup<TGroup, T>.Hat(In(tangent)));

    public override Vector Vee(Matrix algebra) => Out(LieGroup<TGroup, T>.Vee(In(algebra)));

    public override Matrix ToMatrix(Vector x) => Out(Element(x).ToMatrix());

    public override Matrix Adjoint(Vector x) => Out(Element(x).Adjoint());

    public override Vector AdjointInverse(Vector x, Vector tangent) =>
        Fill(TangentLength, result => TGroup.AdjointInverseRule(Element(x), Span(tangent), result));

    public override Vector CoadjointInverse(Vector x, Vector cotangent) =>
        Fill(TangentLength, result => TGroup.CoadjointInverseRule(Element(x), Span(cotangent), result));

    public override Vector Act(Vector x, Vector point) =>
        Fill(PointLength, result => TGroup.ActRule(Element(x), Span(point), result));

    public override Vector ActInverse(Vector x, Vector point) =>
        Fill(PointLength, result => TGroup.ActInverseRule(Element(x), Span(point), result));

    public override Vector Rotate(Vector x, Vector vector) =>
        Fill(PointLength, result => TGroup.RotateRule(Element(x), Span(vector), result));

    public override Vector RotateInverse(Vector x, Vector vector) =>
        Fill(PointLength, result => TGroup.RotateInverseRule(Element(x), Span(vector), result));

    public override Vector ActTangent(Vector tangent, Vector point) =>
        Fill(PointLength, result => TGroup.ActTangentRule(Span(tangent), Span(point), result));

    public override Vector ActCotangent(Vector point, Vector cotangent) =>
        Fill(TangentLength, result => TGroup.ActCotangentRule(Span(point), Span(cotangent), result));

    public override Matrix RightJacobian(Vector tangent) => Out(LieGroup<TGroup, T>.RightJacobian(In(tangent)));

    public override Matrix RightJacobianInverse(Vector tangent) =>
        Out(LieGroup<TGroup, T>.RightJacobianInverse(In(tangent)));

    public override Matrix LeftJacobian(Vector tangent) => Out(LieGroup<TGroup, T>.LeftJacobian(In(tangent)));

    public override Matrix LeftJacobianInverse(Vector tangent) =>
        Out(LieGroup<TGroup, T>.LeftJacobianInverse(In(tangent)));

    public override Matrix LogJacobian(Vector x, Vector tangent) =>
        Out(TGroup.LogJacobianRule(Element(x), Span(tangent)));

    public override Vector LogCotangent(Vector x, Vector tangent, Vector cotangent) =>
        Fill(TangentLength, result => TGroup.LogCotangentRule(Element(x), Span(tangent), Span(cotangent), result));

    public override Vector Lift(Vector x, Vector tangent) =>
        Fill(StorageLength, result => TGroup.LiftRule(Element(x), Span(tangent), result));

    public override Vector Project(Vector x, Vector cotangent) =>
        Fill(TangentLength, result => TGroup.ProjectRule(Element(x), Span(cotangent), result));

    public override Vector Unlift(Vector x, Vector derivative) =>
        Fill(TangentLength, result => TGroup.UnliftRule(Element(x), Span(derivative), result));

    public override Vector StorageGradient(Vector x, Vector gradient) => Out(Element(x).StorageGradient(In(gradient)));

    public override Vector TangentGradient(Vector x, Vector storageGradient) =>
        Out(Element(x).TangentGradient(In(storageGradient)));

    public override Matrix MatrixGradient(Vector x, Vector gradient) => Out(Element(x).MatrixGradient(In(gradient)));

    public override Vector TangentGradient(Vector x, Matrix matrixGradient) =>
        Out(Element(x).TangentGradient(In(matrixGradient)));

    public override Vector? Static(string name, Vector tangent)
    {
        object argument = name == "Vee" ? In(Hat(tangent)) : In(tangent);
        return GroupStatics<TGroup>.Method(name, argument.GetType())?.Invoke(null, [argument]) switch
        {
            null => null,
            TGroup x => Out(x),
            Matrix<T> matrix => new(Out(matrix).Entries.ToArray()),
            object vector => Out((Vector<T>)vector),
        };
    }

    private TGroup Element(Vector storage) => TGroup.FromStorage(Span(storage));

    private ReadOnlySpan<T> Span(Vector values) => In(values).AsSpan();

    private Vector<T> In(Vector values)
    {
        var entries = new T[values.Length];
        for (int k = 0; k < entries.Length; k++)
            entries[k] = narrow(values[k]);
        return new(entries);
    }

    private Matrix<T> In(Matrix values) =>
        new(values.Rows, values.Columns, [.. In(new Vector(values.Entries.ToArray()))]);

    private Vector Out(TGroup x) => Out(new Vector<T>(x.ToStorage()));

    private Vector Out(Vector<T> values)
    {
        var entries = new DoubleDouble[values.Length];
        for (int k = 0; k < entries.Length; k++)
            entries[k] = widen(values[k]);
        return new(entries);
    }

    private Matrix Out(Matrix<T> values) =>
        new(values.Rows, values.Columns, [.. Out(new Vector<T>(values.Entries.ToArray()))]);

    /// <summary>What a rule writes; NaN where it does not.</summary>
    private Vector Fill(int length, Action<T[]> rule)
    {
        var result = new T[length];
        Array.Fill(result, double.NaN);
        rule(result);
        return Out(new Vector<T>(result));
    }
}
