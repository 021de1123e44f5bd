using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <summary>
/// The numbers of variables, for a batch of independent problem instances. Each variable has a value for every element
/// of the batch, or one that all share.
/// </summary>
/// <remarks>
/// Structure of arrays: one array for each kind; within it variable after variable, component after component, the
/// batch innermost. Group elements are stored as their types say: SE3 as [x y z qx qy qz qw], SE2 as [x y cos sin].
/// Reading is safe from several threads; writing is not.
/// </remarks>
public sealed class Values
{
    private readonly Dictionary<Variable, ValueSlot> _slots;
    private readonly Dictionary<(ValueKind Kind, bool IsShared), ValueTable> _tables;

    /// <summary>No values yet.</summary>
    /// <param name="batchSize">How many elements the batch has, at least 1.</param>
    public Values(int batchSize = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        BatchSize = batchSize;
        _slots = [];
        _tables = [];
    }

    private Values(Values source)
    {
        BatchSize = source.BatchSize;
        _slots = new(source._slots);
        _tables = source._tables.ToDictionary(pair => pair.Key, pair => pair.Value.Clone());
    }

    /// <summary>How many elements the batch has.</summary>
    public int BatchSize { get; }

    /// <summary>The variables that have a value.</summary>
    public IReadOnlyCollection<Variable> Variables => _slots.Keys;

    /// <summary>Whether a variable has a value.</summary>
    /// <param name="variable">The variable.</param>
    public bool Contains(Variable variable) => _slots.ContainsKey(variable);

    /// <summary>Whether one value serves the whole batch.</summary>
    /// <param name="variable">A variable with a value.</param>
    /// <exception cref="KeyNotFoundException">The variable has no value.</exception>
    public bool IsShared(Variable variable) => SlotOf(variable).IsShared;

    /// <summary>A copy that shares nothing with this.</summary>
    public Values Clone() => new(this);

    /// <summary>Gives a variable one value for the whole batch.</summary>
    /// <typeparam name="T">Its type over <see cref="Float64"/>, such as <c>SE3&lt;Float64&gt;</c>.</typeparam>
    /// <param name="variable">The variable.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ArgumentException">The value is of another kind.</exception>
    public void Set<T>(Variable variable, T value)
        where T : IStorable<T, Float64>
    {
        ArgumentNullException.ThrowIfNull(value);
        RequireKind(variable, value.Kind);
        Span<Float64> storage = new Float64[value.Kind.StorageLength];
        value.CopyTo(storage);
        Set(variable, AsNumbers(storage));
    }

    /// <summary>Gives a variable a value in one element of the batch.</summary>
    /// <param name="variable">The variable; if it had one value for all elements, the others keep that.</param>
    /// <param name="element">The element.</param>
    /// <param name="value">Its value.</param>
    /// <inheritdoc cref="Set{T}(Variable, T)"/>
    public void Set<T>(Variable variable, int element, T value)
        where T : IStorable<T, Float64>
    {
        ArgumentNullException.ThrowIfNull(value);
        RequireKind(variable, value.Kind);
        Span<Float64> storage = new Float64[value.Kind.StorageLength];
        value.CopyTo(storage);
        SetElement(variable, element, AsNumbers(storage));
    }

    /// <summary>Gives a variable its numbers.</summary>
    /// <param name="variable">The variable.</param>
    /// <param name="storage">
    /// One storage for the whole batch, or as many as the batch has elements, one after another.
    /// </param>
    /// <exception cref="ArgumentException">The length fits neither.</exception>
    public void Set(Variable variable, params ReadOnlySpan<double> storage)
    {
        ArgumentNullException.ThrowIfNull(variable);
        int length = variable.Kind.StorageLength;
        if (storage.Length != length && storage.Length != (long)length * BatchSize)
            throw new ArgumentException(
                $"Variable '{variable.Name}' is a {variable.Kind} of {length} numbers in a batch of {BatchSize}: " +
                $"expected {length} or {(long)length * BatchSize} numbers, found {storage.Length}.", nameof(storage));
        bool isShared = storage.Length == length;
        ValueTable table = TableOf(variable, isShared);
        int row = RowFor(variable, table, isShared);
        for (int element = 0; element < table.Width; element++)
            table.Write(row, element, storage.Slice(element * length, length));
    }

    /// <summary>Gives a variable its numbers in one element of the batch.</summary>
    /// <param name="variable">
    /// The variable; if it had one value for all elements, the others keep that. If it had none, they are NaN until set.
    /// </param>
    /// <param name="element">The element.</param>
    /// <param name="storage">The numbers.</param>
    /// <exception cref="ArgumentException">The length does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    public void SetElement(Variable variable, int element, ReadOnlySpan<double> storage)
    {
        ArgumentNullException.ThrowIfNull(variable);
        RequireElement(element);
        RequireLength(variable, storage.Length, nameof(storage));
        double[] before = new double[storage.Length];
        bool spread = BatchSize > 1 && _slots.TryGetValue(variable, out ValueSlot slot) && slot.IsShared;
        if (spread)
            CopyTo(variable, 0, before);
        ValueTable table = TableOf(variable, isShared: BatchSize == 1);
        int row = RowFor(variable, table, isShared: BatchSize == 1);
        for (int other = 0; spread && other < BatchSize; other++)
            table.Write(row, other, before);
        table.Write(row, element, storage);
    }

    /// <summary>Gives many variables one value each for the whole batch.</summary>
    /// <param name="variables">The variables.</param>
    /// <param name="storages">Their numbers, one after another.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public void SetMany(IReadOnlyList<Variable> variables, ReadOnlySpan<double> storages)
    {
        ArgumentNullException.ThrowIfNull(variables);
        long expected = 0;
        foreach (Variable variable in variables)
            expected += variable.Kind.StorageLength;
        if (storages.Length != expected)
            throw new ArgumentException(
                $"{variables.Count} variables store {expected} numbers; {storages.Length} were given.",
                nameof(storages));
        foreach (Variable variable in variables)
        {
            Set(variable, storages[..variable.Kind.StorageLength]);
            storages = storages[variable.Kind.StorageLength..];
        }
    }

    /// <summary>The value of a variable.</summary>
    /// <typeparam name="T">The variable's type over <see cref="Float64"/>.</typeparam>
    /// <param name="variable">A variable with a value.</param>
    /// <param name="element">The element of the batch.</param>
    /// <exception cref="KeyNotFoundException">The variable has no value.</exception>
    /// <exception cref="ArgumentException">The variable is of another kind.</exception>
    public T Get<T>(Variable variable, int element = 0)
        where T : IStorable<T, Float64>
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (T.FixedKind is { } kind)
            RequireKind(variable, kind);
        Span<Float64> storage = new Float64[variable.Kind.StorageLength];
        CopyTo(variable, element, AsNumbers(storage));
        var value = T.FromStorage(storage);
        RequireKind(variable, value.Kind);
        return value;
    }

    /// <summary>The number of a scalar variable.</summary>
    /// <param name="variable">A variable with a value.</param>
    /// <param name="element">The element of the batch.</param>
    /// <exception cref="KeyNotFoundException">The variable has no value.</exception>
    public double Get(Variable<Scalar> variable, int element = 0)
    {
        double value = 0;
        CopyTo(variable, element, new Span<double>(ref value));
        return value;
    }

    /// <summary>Reads a variable's numbers in one element of the batch.</summary>
    /// <param name="variable">A variable with a value.</param>
    /// <param name="element">The element.</param>
    /// <param name="storage">Receives the numbers; as long as the variable stores.</param>
    /// <exception cref="KeyNotFoundException">The variable has no value.</exception>
    /// <exception cref="ArgumentException">The length does not fit.</exception>
    public void CopyTo(Variable variable, int element, Span<double> storage)
    {
        ValueSlot slot = SlotOf(variable);
        RequireElement(element);
        RequireLength(variable, storage.Length, nameof(storage));
        TableOf(variable, slot.IsShared).Read(slot.Row, slot.IsShared ? 0 : element, storage);
    }

    /// <summary>Where the numbers of variables lie.</summary>
    /// <exception cref="ArgumentException">One has no value.</exception>
    internal ResolvedValues Resolve(IReadOnlyList<Variable> variables)
    {
        var places = new (ValueTable, int)[variables.Count];
        for (int k = 0; k < places.Length; k++)
        {
            Variable variable = variables[k];
            if (!_slots.TryGetValue(variable, out ValueSlot slot))
                throw new ArgumentException(
                    $"Variable '{variable.Name}' ({variable.Kind}) of the problem has no value. " +
                    "Give it one with Values.Set before solving.", nameof(variables));
            places[k] = (TableOf(variable, slot.IsShared), slot.Row);
        }

        return new(places);
    }

    /// <summary>Gives every element its own copy of the values of variables that shared one.</summary>
    internal void Unshare(IEnumerable<Variable> variables)
    {
        foreach (Variable variable in variables)
            if (BatchSize > 1 && _slots.TryGetValue(variable, out ValueSlot slot) && slot.IsShared)
            {
                double[] storage = new double[variable.Kind.StorageLength];
                CopyTo(variable, 0, storage);
                SetElement(variable, 0, storage);
            }
    }

    private static Span<double> AsNumbers(Span<Float64> storage) => MemoryMarshal.Cast<Float64, double>(storage);

    private ValueSlot SlotOf(Variable variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return _slots.TryGetValue(variable, out ValueSlot slot) ? slot : throw new KeyNotFoundException(
            $"Variable '{variable.Name}' has no value. Give it one with Values.Set.");
    }

    /// <summary>The row to write a variable's numbers to; it moves when it becomes shared, or ceases to be.</summary>
    private int RowFor(Variable variable, ValueTable table, bool isShared)
    {
        if (_slots.TryGetValue(variable, out ValueSlot known))
        {
            if (known.IsShared == isShared)
                return known.Row;
            TableOf(variable, known.IsShared).RemoveRow(known.Row);
        }

        int row = table.AddRow();
        _slots[variable] = new(isShared, row);
        return row;
    }

    private static void RequireKind(Variable variable, ValueKind kind)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (!ReferenceEquals(variable.Kind, kind))
            throw new ArgumentException($"Variable '{variable.Name}' is a {variable.Kind}; a {kind} was used for it.");
    }

    private static void RequireLength(Variable variable, int found, string parameter)
    {
        if (found != variable.Kind.StorageLength)
            throw new ArgumentException(
                $"Variable '{variable.Name}' is a {variable.Kind} of {variable.Kind.StorageLength} numbers; " +
                $"found {found}.", parameter);
    }

    private void RequireElement(int element, [CallerArgumentExpression(nameof(element))] string? name = null)
    {
        if ((uint)element >= (uint)BatchSize)
            throw new ArgumentOutOfRangeException(name, element, $"The batch has {BatchSize} elements.");
    }

    private ValueTable TableOf(Variable variable, bool isShared)
    {
        if (!_tables.TryGetValue((variable.Kind, isShared), out ValueTable? table))
            _tables.Add((variable.Kind, isShared), table = new(variable.Kind.StorageLength, isShared ? 1 : BatchSize));
        return table;
    }

    /// <summary>Where a variable's numbers are.</summary>
    private readonly record struct ValueSlot(bool IsShared, int Row);
}
