using TheseusSharp.Adjoints;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Learning;

/// <summary>
/// Learns values of variables from gradients of an outer loss. Group elements move by retraction, so they stay on their
/// manifold; moments live in the tangent coordinates.
/// </summary>
/// <remarks>Keeps state between steps. Not for use by several threads at once.</remarks>
public abstract class OuterOptimizer
{
    private readonly Dictionary<Variable, TangentState> _states = [];

    private protected OuterOptimizer(double learningRate)
    {
        if (!(learningRate > 0) || double.IsInfinity(learningRate))
            throw new ArgumentOutOfRangeException(
                nameof(learningRate), learningRate, "The learning rate is a finite number above 0.");
        LearningRate = learningRate;
    }

    /// <summary>The learning rate of the next step; may be changed between steps.</summary>
    public double LearningRate { get; set; }

    /// <summary>Moves parameters against their gradients.</summary>
    /// <param name="values">
    /// Holds the parameters; changed. A value that the batch shares moves by the sum of its gradients over the batch.
    /// </param>
    /// <param name="gradients">Gradients by their tangents.</param>
    /// <param name="parameters">Which variables to move; by default all that have a gradient.</param>
    /// <exception cref="KeyNotFoundException">A parameter has no value or no gradient.</exception>
    /// <exception cref="ArgumentException">Batch sizes differ.</exception>
    public void Step(Values values, Gradients gradients, params ReadOnlySpan<Variable> parameters)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(gradients);
        if (values.BatchSize != gradients.BatchSize)
            throw new ArgumentException(
                $"The values are a batch of {values.BatchSize}, the gradients one of {gradients.BatchSize}.",
                nameof(gradients));
        if (parameters.IsEmpty)
            parameters = gradients.Variables.ToArray();
        foreach (Variable parameter in parameters)
            Step(values, gradients, parameter);
    }

    /// <summary>The change of a parameter, before it is retracted.</summary>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="state">What the optimiser remembers of it.</param>
    /// <param name="change">Receives the change.</param>
    private protected abstract void Change(ReadOnlySpan<double> gradient, TangentState state, Span<double> change);

    private void Step(Values values, Gradients gradients, Variable parameter)
    {
        bool isShared = values.IsShared(parameter);
        ReadOnlySpan<double> gradient = isShared ? gradients.SumOf(parameter) : gradients.Of(parameter);
        if (!_states.TryGetValue(parameter, out TangentState? state) || state.Mean.Length != gradient.Length)
            _states[parameter] = state = new(gradient.Length);
        state.Steps++;
        var change = new double[gradient.Length];
        Change(gradient, state, change);

        int length = parameter.Kind.StorageLength, tangent = parameter.Kind.TangentLength;
        var storage = new double[gradient.Length / tangent * length];
        for (int element = 0; element * length < storage.Length; element++)
        {
            Span<double> value = storage.AsSpan(element * length, length);
            values.CopyTo(parameter, element, value);
            Retract(parameter.Kind, value, change.AsSpan(element * tangent, tangent));
        }

        values.Set(parameter, storage);
    }

    /// <summary>x ← x∘Exp(δ), by literals: the one formula of the kind, computed at once.</summary>
    private static void Retract(ValueKind kind, Span<double> value, ReadOnlySpan<double> change)
    {
        var storage = new Scalar[kind.StorageLength];
        var tangent = new Scalar[kind.TangentLength];
        var result = new Scalar[kind.StorageLength];
        for (int k = 0; k < storage.Length; k++)
            storage[k] = value[k];
        for (int k = 0; k < tangent.Length; k++)
            tangent[k] = change[k];
        kind.Retract(storage, tangent, result);
        for (int k = 0; k < result.Length; k++)
            value[k] = result[k].LiteralValue;
    }

    /// <summary>What an optimiser remembers of one parameter.</summary>
    /// <param name="length">How many tangent coordinates it has.</param>
    private protected sealed class TangentState(int length)
    {
        /// <summary>How many steps were taken, this one included.</summary>
        public int Steps { get; set; }

        /// <summary>A running mean of gradients.</summary>
        public double[] Mean { get; } = new double[length];

        /// <summary>A running mean of their squares.</summary>
        public double[] Square { get; } = new double[length];
    }
}
