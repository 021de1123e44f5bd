using TheseusSharp.Symbolics;

namespace TheseusSharp.Geometry;

/// <summary>
/// What every Lie group can do, on top of its rules: computes on numbers, records on symbolic scalars.
/// </summary>
internal static class LieGroup<TGroup, T>
    where TGroup : struct, ILieGroup<TGroup, T>
    where T : struct, IScalar<T>
{
    private static bool Records => T.IsSymbolic && TGroup.Operations is not null;

    public static TGroup Compose(TGroup a, TGroup b) =>
        Records ? Record(TGroup.Operations!.Compose, a, b) : TGroup.ComposeRule(a, b);

    public static TGroup Inverse(TGroup a) =>
        Records ? Record(TGroup.Operations!.Inverse, Storage(a)) : TGroup.InverseRule(a);

    public static TGroup Between(TGroup a, TGroup b) =>
        Records ? Record(TGroup.Operations!.Between, a, b) : TGroup.BetweenRule(a, b);

    public static TGroup Normalize(TGroup a) =>
        Records ? Record(TGroup.Operations!.Normalize, Storage(a)) : TGroup.NormalizeRule(a);

    public static TGroup Exp(Vector<T> tangent)
    {
        CheckTangent(tangent);
        return Records ? Record(TGroup.Operations!.Exp, tangent.AsSpan()) : TGroup.ExpRule(tangent.AsSpan());
    }

    public static Vector<T> Log(TGroup x)
    {
        var tangent = new T[TGroup.TangentLength];
        if (Records)
            T.Record(TGroup.Operations!.Log, Storage(x), tangent);
        else
            TGroup.LogRule(x, tangent);
        return new(tangent);
    }

    public static T[] Act(TGroup x, ReadOnlySpan<T> point)
    {
        var result = new T[TGroup.PointLength];
        if (Records)
            T.Record(TGroup.Operations!.Act, [.. Storage(x), .. point], result);
        else
            TGroup.ActRule(x, point, result);
        return result;
    }

    public static T[] ActInverse(TGroup x, ReadOnlySpan<T> point)
    {
        var result = new T[TGroup.PointLength];
        if (Records)
            T.Record(TGroup.Operations!.ActInverse, [.. Storage(x), .. point], result);
        else
            TGroup.ActInverseRule(x, point, result);
        return result;
    }

    public static TGroup Retract(TGroup x, Vector<T> tangent) => Normalize(Compose(x, Exp(tangent)));

    public static Vector<T> Local(TGroup a, TGroup b) => Log(Between(a, b));

    public static Matrix<T> Adjoint(TGroup x) =>
        Columns(TGroup.TangentLength, (unit, column) => TGroup.AdjointRule(x, unit, column));

    public static Matrix<T> RightJacobian(Vector<T> tangent)
    {
        CheckTangent(tangent);
        return TGroup.RightJacobianRule(tangent.AsSpan());
    }

    public static Matrix<T> RightJacobianInverse(Vector<T> tangent)
    {
        CheckTangent(tangent);
        return TGroup.RightJacobianInverseRule(tangent.AsSpan());
    }

    public static Matrix<T> LeftJacobian(Vector<T> tangent) => RightJacobian(-tangent);

    public static Matrix<T> LeftJacobianInverse(Vector<T> tangent) => RightJacobianInverse(-tangent);

    public static Matrix<T> Hat(Vector<T> tangent)
    {
        CheckTangent(tangent);
        return TGroup.HatRule(tangent.AsSpan());
    }

    public static Vector<T> Vee(Matrix<T> algebra)
    {
        Matrix<T> shape = TGroup.HatRule(new T[TGroup.TangentLength]);
        if (algebra.Rows != shape.Rows || algebra.Columns != shape.Columns)
            throw new ArgumentException(
                $"Vee expects a {shape.Rows}×{shape.Columns} matrix, not {algebra.Rows}×{algebra.Columns}.");
        var tangent = new T[TGroup.TangentLength];
        TGroup.VeeRule(algebra, tangent);
        return new(tangent);
    }

    public static T[] Storage(TGroup x)
    {
        var storage = new T[TGroup.StorageLength];
        x.CopyTo(storage);
        return storage;
    }

    /// <summary>The gradient by storage of least norm that projects to a tangent gradient.</summary>
    public static Vector<T> StorageGradient(TGroup x, Vector<T> gradient)
    {
        CheckTangent(gradient);
        var result = new T[TGroup.StorageLength];
        TGroup.UnprojectRule(x, gradient.AsSpan(), result);
        return new(result);
    }

    /// <summary>The tangent gradient of a gradient by storage.</summary>
    public static Vector<T> TangentGradient(TGroup x, Vector<T> storageGradient)
    {
        if (storageGradient.Length != TGroup.StorageLength)
            throw new ArgumentException(
                $"Expected a gradient by {TGroup.StorageLength} stored numbers, found {storageGradient.Length}.");
        var result = new T[TGroup.TangentLength];
        TGroup.ProjectRule(x, storageGradient.AsSpan(), result);
        return new(result);
    }

    /// <summary>Refuses a tangent (or a gradient by tangent) of the wrong length.</summary>
    public static void CheckTangent(Vector<T> tangent)
    {
        if (tangent.Length != TGroup.TangentLength)
            throw new ArgumentException(
                $"Expected a tangent of length {TGroup.TangentLength}, found {tangent.Length}.", nameof(tangent));
    }

    private static TGroup Record(GroupOperation operation, TGroup a, TGroup b) =>
        Record(operation, [.. Storage(a), .. Storage(b)]);

    private static TGroup Record(GroupOperation operation, ReadOnlySpan<T> arguments)
    {
        var result = new T[TGroup.StorageLength];
        T.Record(operation, arguments, result);
        return TGroup.FromStorage(result);
    }

    private static Matrix<T> Columns(int size, Action<T[], T[]> apply)
    {
        var entries = new T[size * size];
        for (int j = 0; j < size; j++)
        {
            var unit = new T[size];
            unit[j] = 1;
            var column = new T[size];
            apply(unit, column);
            for (int i = 0; i < size; i++)
                entries[(i * size) + j] = column[i];
        }

        return new(size, size, entries);
    }
}
