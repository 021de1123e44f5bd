using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Adjoints;

/// <summary>
/// Gradients of an outer loss by variables: for each variable and each element of the batch, one number for each
/// tangent coordinate. <see cref="GradientForm"/> names the other two forms for group elements.
/// </summary>
public sealed class Gradients
{
    private readonly Dictionary<Variable, double[]> _gradients = [];

    /// <summary>No gradients yet.</summary>
    /// <param name="batchSize">How many elements the batch has.</param>
    public Gradients(int batchSize = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        BatchSize = batchSize;
    }

    /// <summary>How many elements the batch has.</summary>
    public int BatchSize { get; }

    /// <summary>The variables that have a gradient.</summary>
    public IReadOnlyCollection<Variable> Variables => _gradients.Keys;

    /// <summary>Whether a variable has a gradient.</summary>
    /// <param name="variable">The variable.</param>
    public bool Contains(Variable variable) => _gradients.ContainsKey(variable);

    /// <summary>The gradient of a variable, element after element.</summary>
    /// <param name="variable">A variable with a gradient.</param>
    /// <exception cref="KeyNotFoundException">The variable has none.</exception>
    public ReadOnlySpan<double> Of(Variable variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return _gradients.TryGetValue(variable, out double[]? gradient) ? gradient : throw new KeyNotFoundException(
            $"Variable '{variable.Name}' has no gradient here. Ask for it where the backward pass is run.");
    }

    /// <summary>The gradient of a variable, by its name, element after element.</summary>
    /// <param name="name">The name of a variable with a gradient.</param>
    /// <exception cref="KeyNotFoundException">None of that name has.</exception>
    public ReadOnlySpan<double> Of(string name) =>
        _gradients.Keys.FirstOrDefault(variable => variable.Name == name) is { } found
            ? Of(found)
            : throw new KeyNotFoundException(
                $"No variable named '{name}' has a gradient here. Those that have: {GradientNames()}.");

    /// <summary>The gradient of a variable in one element.</summary>
    /// <param name="variable">A variable with a gradient.</param>
    /// <param name="element">The element.</param>
    /// <exception cref="KeyNotFoundException">The variable has none.</exception>
    public ReadOnlySpan<double> Of(Variable variable, int element) =>
        Of(variable).Slice(element * variable.Kind.TangentLength, variable.Kind.TangentLength);

    /// <summary>The gradient of a variable in one element, by other numbers.</summary>
    /// <param name="variable">A variable with a gradient.</param>
    /// <param name="element">The element.</param>
    /// <param name="form">By which numbers; how many they are, each form says.</param>
    /// <exception cref="KeyNotFoundException">The variable has none.</exception>
    /// <exception cref="InvalidOperationException">
    /// A form of a group element's gradient depends on the element; these gradients were not given by a backward pass,
    /// so they know none.
    /// </exception>
    public ReadOnlySpan<double> Of(Variable variable, int element, GradientForm form)
    {
        ReadOnlySpan<double> tangent = Of(variable, element);
        if (!Enum.IsDefined(form))
            throw new ArgumentOutOfRangeException(nameof(form), form, "It names no form of a gradient.");
        if (form == GradientForm.Tangent || !variable.Kind.IsGroup)
            return tangent;
        Scalar[] value = Literals(StorageOf(variable, element, form)), gradient = Literals(tangent);
        return Array.ConvertAll(
            form == GradientForm.Storage
                ? StorageGradient(variable.Kind, value, gradient)
                : ((IMatrixKind)variable.Kind).MatrixGradient(value, gradient),
            entry => entry.LiteralValue);
    }

    /// <summary>The gradient of a variable, added up over the batch: that of a value which all share.</summary>
    /// <param name="variable">A variable with a gradient.</param>
    /// <exception cref="KeyNotFoundException">The variable has none.</exception>
    public double[] SumOf(Variable variable)
    {
        ReadOnlySpan<double> all = Of(variable);
        var sum = new double[variable.Kind.TangentLength];
        for (int k = 0; k < all.Length; k++)
            sum[k % sum.Length] += all[k];
        return sum;
    }

    /// <summary>Gives a variable its gradient.</summary>
    /// <param name="variable">The variable.</param>
    /// <param name="gradient">The tangent gradients, element after element.</param>
    /// <exception cref="ArgumentException">The length is not the tangent's times the batch's.</exception>
    public void Set(Variable variable, params ReadOnlySpan<double> gradient)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (gradient.Length != BatchSize * variable.Kind.TangentLength)
            throw new ArgumentException(
                $"The gradient by '{variable.Name}' ({variable.Kind}) in a batch of {BatchSize} has " +
                $"{BatchSize} × {variable.Kind.TangentLength} numbers; {gradient.Length} were given.",
                nameof(gradient));
        gradient.CopyTo(Writable(variable));
    }

    /// <summary>The values at which the gradients are; null if not known.</summary>
    internal Lazy<Values>? At { get; set; }

    private double[] StorageOf(Variable variable, int element, GradientForm form)
    {
        Values at = At?.Value ?? throw new InvalidOperationException(
            $"The gradient by '{variable.Name}' ({variable.Kind}) in the form {form} depends on the variable's " +
            "value; only gradients from a backward pass know it. Call StorageGradient or MatrixGradient of the value.");
        var storage = new double[variable.Kind.StorageLength];
        at.CopyTo(variable, element, storage);
        return storage;
    }

    private static Scalar[] StorageGradient(ValueKind kind, Scalar[] value, Scalar[] gradient)
    {
        var result = new Scalar[kind.StorageLength];
        kind.Unproject(value, gradient, result);
        return result;
    }

    private static Scalar[] Literals(ReadOnlySpan<double> numbers) =>
        Array.ConvertAll(numbers.ToArray(), number => (Scalar)number);

    private string GradientNames() => string.Join(", ", _gradients.Keys.Select(variable => $"'{variable.Name}'"));

    /// <summary>Takes the gradients of some variables in one element.</summary>
    /// <param name="problem">The problem that has the variables.</param>
    /// <param name="wanted">The variables.</param>
    /// <param name="tangents">The gradients of all its variables, one after another.</param>
    /// <param name="element">The element.</param>
    internal void Store(
        Problem problem, IReadOnlyCollection<Variable> wanted, ReadOnlySpan<double> tangents, int element)
    {
        int[] offsets = problem.TangentOffsets;
        foreach (Variable variable in wanted)
        {
            int number = problem.NumberOf(variable);
            tangents[offsets[number]..offsets[number + 1]].CopyTo(
                Writable(variable)[(element * variable.Kind.TangentLength)..]);
        }
    }

    /// <summary>The numbers of a variable's gradient, zeros if it had none.</summary>
    internal Span<double> Writable(Variable variable)
    {
        if (!_gradients.TryGetValue(variable, out double[]? gradient))
            _gradients.Add(variable, gradient = new double[BatchSize * variable.Kind.TangentLength]);
        return gradient;
    }
}
