using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <summary>
/// One argument of many cost functions added at once: variables told by index, or numbers.
/// </summary>
/// <typeparam name="T">The type over <see cref="Scalar"/>.</typeparam>
public readonly struct Column<T>
    where T : IStorable<T, Scalar>
{
    internal Column(ArgumentColumn column) => Argument = column;

    /// <summary>The column; null in a default value.</summary>
    internal ArgumentColumn? Argument { get; }

    /// <summary>How many cost functions the column serves; −1 if one element serves any number.</summary>
    public int Count => Argument?.Count ?? 0;
}

/// <summary>Makes columns.</summary>
public static class Column
{
    /// <summary>A variable for each cost function.</summary>
    /// <typeparam name="T">The variables' type.</typeparam>
    /// <param name="variables">The variables, all of one kind.</param>
    /// <param name="index">For each cost function, which one it takes. The memory is kept: do not change it.</param>
    /// <exception cref="ArgumentException">An index names no variable, or kinds differ.</exception>
    public static Column<T> Of<T>(IReadOnlyList<Variable<T>> variables, ReadOnlyMemory<int> index)
        where T : IStorable<T, Scalar>
    {
        ArgumentNullException.ThrowIfNull(variables);
        Variable<T>[] kept = [.. variables];
        foreach (int k in index.Span)
            if ((uint)k >= (uint)kept.Length)
                throw new ArgumentException(
                    $"Index {k} names no variable: expected 0 to {kept.Length - 1}.", nameof(index));
        return new(ArgumentColumn.OfVariables(kept, index));
    }

    /// <summary>A variable for each cost function, in order.</summary>
    /// <inheritdoc cref="Of{T}(IReadOnlyList{Variable{T}}, ReadOnlyMemory{int})"/>
    public static Column<T> Of<T>(IReadOnlyList<Variable<T>> variables)
        where T : IStorable<T, Scalar>
    {
        ArgumentNullException.ThrowIfNull(variables);
        return Of(variables, Enumerable.Range(0, variables.Count).ToArray());
    }

    /// <summary>One variable for all cost functions.</summary>
    /// <typeparam name="T">The variable's type.</typeparam>
    /// <param name="variable">The variable.</param>
    public static Column<T> Shared<T>(Variable<T> variable)
        where T : IStorable<T, Scalar>
    {
        ArgumentNullException.ThrowIfNull(variable);
        return new(ArgumentColumn.Shared(variable));
    }

    /// <summary>Numbers for each cost function, such as its measurement.</summary>
    /// <typeparam name="T">A type whose length the type tells: a scalar, a point, a group element.</typeparam>
    /// <param name="data">The storages, one after another. The memory is kept: do not change it.</param>
    /// <exception cref="ArgumentException">
    /// The numbers do not divide into elements, or an element is off its manifold.
    /// </exception>
    public static Column<T> Data<T>(ReadOnlyMemory<double> data)
        where T : IStorable<T, Scalar> =>
        new(ArgumentColumn.OfNumbers(data, T.FixedKind ?? throw new ArgumentException(
            $"A {typeof(T).Name.Split('`')[0]} does not tell its length by type: call Column.Vectors(data, length).")));

    /// <summary>A vector of numbers for each cost function.</summary>
    /// <param name="data">The vectors, one after another. The memory is kept: do not change it.</param>
    /// <param name="length">How long each is.</param>
    /// <exception cref="ArgumentException">The numbers do not divide into vectors.</exception>
    public static Column<Vector<Scalar>> Vectors(ReadOnlyMemory<double> data, int length) =>
        new(ArgumentColumn.OfNumbers(data, ValueKind.Vector(length)));
}

/// <summary>A column whose type is known at run time only.</summary>
internal sealed class ArgumentColumn
{
    private readonly ReadOnlyMemory<int> _index;

    private ArgumentColumn(ValueKind kind, int count, ReadOnlyMemory<int> index)
    {
        Kind = kind;
        Count = count;
        _index = index;
    }

    public ValueKind Kind { get; }

    /// <summary>How many elements there are; −1 if one serves all.</summary>
    public int Count { get; }

    /// <summary>The variables; null if the column is numbers.</summary>
    public IReadOnlyList<Variable>? Variables { get; private init; }

    /// <summary>The numbers, if the column is not of variables.</summary>
    public ReadOnlyMemory<double> Numbers { get; private init; }

    public bool IsData => Variables is null;

    /// <summary>The variable of a cost function.</summary>
    public Variable VariableOf(int cost) => Variables![Count < 0 ? 0 : _index.Span[cost]];

    public static ArgumentColumn Shared(Variable variable) =>
        new(variable.Kind, -1, default) { Variables = [variable] };

    public static ArgumentColumn OfVariables(IReadOnlyList<Variable> variables, ReadOnlyMemory<int> index)
    {
        if (variables.Count == 0)
            throw new ArgumentException("A column of variables needs at least one variable.", nameof(variables));
        if (variables.Contains(null!))
            throw new ArgumentException("A variable of the column is null.", nameof(variables));
        ValueKind kind = variables[0].Kind;
        foreach (Variable variable in variables)
            if (!ReferenceEquals(variable.Kind, kind))
                throw new ArgumentException(
                    $"The variables of a column are of one kind: '{variables[0].Name}' is {kind}, " +
                    $"'{variable.Name}' is {variable.Kind}.", nameof(variables));
        return new(kind, index.Length, index) { Variables = variables };
    }

    public static ArgumentColumn OfNumbers(ReadOnlyMemory<double> data, ValueKind kind)
    {
        if (data.Length % kind.StorageLength != 0)
            throw new ArgumentException(
                $"A {kind} stores {kind.StorageLength} numbers; {data.Length} is no multiple of that.", nameof(data));
        OnManifold.Require(kind, data.Span);
        return new(kind, data.Length / kind.StorageLength, default) { Numbers = data };
    }
}
