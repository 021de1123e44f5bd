using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <summary>What a problem does with a variable, unless its <see cref="ProblemOptions"/> say otherwise.</summary>
public enum VariableRole
{
    /// <summary>The solver changes it.</summary>
    Optimized,

    /// <summary>It is given: a measurement, a learned parameter, a pose held constant.</summary>
    Constant,
}

/// <summary>
/// A typed name. It holds no numbers: those live in <see cref="Values"/>. Compared by reference; within one objective
/// names are unique. Immutable.
/// </summary>
public abstract class Variable
{
    private protected Variable(string name, ValueKind kind, VariableRole role)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(kind);
        Name = name;
        Kind = kind;
        Role = role;
    }

    /// <summary>The name, as messages and reports show it.</summary>
    public string Name { get; }

    /// <summary>What it is: how many numbers it stores, how many tangent coordinates it has.</summary>
    public ValueKind Kind { get; }

    /// <summary>Its default role.</summary>
    public VariableRole Role { get; }

    /// <summary>A variable of a type whose length the type tells: a scalar, a point, a group element.</summary>
    /// <typeparam name="T">The type over <see cref="Scalar"/>, such as <c>SE3&lt;Scalar&gt;</c>.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="role">Its default role.</param>
    /// <exception cref="ArgumentException">The type does not tell its length: use <see cref="Vector"/>.</exception>
    public static Variable<T> Of<T>(string name, VariableRole role = VariableRole.Optimized)
        where T : IStorable<T, Symbolics.Scalar> =>
        new(name, T.FixedKind ?? throw new ArgumentException(
            $"Variable '{name}': a {typeof(T).Name.Split('`')[0]} does not tell its length by type. " +
            "Expected a type that does; for vectors, call Variable.Vector(name, length)."), role);

    /// <summary>A number.</summary>
    /// <inheritdoc cref="Of{T}"/>
    public static Variable<Scalar> Scalar(string name, VariableRole role = VariableRole.Optimized) =>
        Of<Scalar>(name, role);

    /// <summary>A vector.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="length">How many numbers, at least 1.</param>
    /// <param name="role">Its default role.</param>
    public static Variable<Vector<Scalar>> Vector(
        string name, int length, VariableRole role = VariableRole.Optimized) =>
        new(name, ValueKind.Vector(length), role);

    /// <summary>A point of the plane.</summary>
    /// <inheritdoc cref="Of{T}"/>
    public static Variable<Point2<Scalar>> Point2(string name, VariableRole role = VariableRole.Optimized) =>
        Of<Point2<Scalar>>(name, role);

    /// <summary>A point of space.</summary>
    /// <inheritdoc cref="Of{T}"/>
    public static Variable<Point3<Scalar>> Point3(string name, VariableRole role = VariableRole.Optimized) =>
        Of<Point3<Scalar>>(name, role);

    /// <summary>A rotation of the plane.</summary>
    /// <inheritdoc cref="Of{T}"/>
    public static Variable<SO2<Scalar>> SO2(string name, VariableRole role = VariableRole.Optimized) =>
        Of<SO2<Scalar>>(name, role);

    /// <summary>A rigid motion of the plane.</summary>
    /// <inheritdoc cref="Of{T}"/>
    public static Variable<SE2<Scalar>> SE2(string name, VariableRole role = VariableRole.Optimized) =>
        Of<SE2<Scalar>>(name, role);

    /// <summary>A rotation of space.</summary>
    /// <inheritdoc cref="Of{T}"/>
    public static Variable<SO3<Scalar>> SO3(string name, VariableRole role = VariableRole.Optimized) =>
        Of<SO3<Scalar>>(name, role);

    /// <summary>A rigid motion of space.</summary>
    /// <inheritdoc cref="Of{T}"/>
    public static Variable<SE3<Scalar>> SE3(string name, VariableRole role = VariableRole.Optimized) =>
        Of<SE3<Scalar>>(name, role);

    /// <summary>Many variables of one type, named <c>name0</c>, <c>name1</c>, ….</summary>
    /// <typeparam name="T">The type over <see cref="Scalar"/>.</typeparam>
    /// <param name="name">What their names begin with.</param>
    /// <param name="count">How many, at least 0.</param>
    /// <param name="role">Their default role.</param>
    public static Variable<T>[] Many<T>(string name, int count, VariableRole role = VariableRole.Optimized)
        where T : IStorable<T, Scalar>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var variables = new Variable<T>[count];
        for (int k = 0; k < count; k++)
            variables[k] = Of<T>($"{name}{k}", role);
        return variables;
    }

    /// <summary>The name and the kind.</summary>
    public override string ToString() => $"{Name} ({Kind})";
}

/// <summary>A variable whose type the compiler knows.</summary>
/// <typeparam name="T">The type over <see cref="Scalar"/>: what a cost function's lambda takes.</typeparam>
public sealed class Variable<T> : Variable
    where T : IStorable<T, Scalar>
{
    internal Variable(string name, ValueKind kind, VariableRole role)
        : base(name, kind, role)
    {
    }
}
