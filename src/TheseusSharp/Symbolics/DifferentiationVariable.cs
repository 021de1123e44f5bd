namespace TheseusSharp.Symbolics;

/// <summary>What is differentiated by: a parameter of a traced lambda, by its place among the scalar inputs.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Slot">Where its storage begins.</param>
internal readonly record struct DifferentiationVariable(ValueKind Kind, int Slot);
