namespace TheseusSharp.Nonlinear;

/// <summary>What one iteration did.</summary>
/// <param name="Element">The element of the batch.</param>
/// <param name="Iteration">Its number from 1; 0 for the initial values.</param>
/// <param name="Cost">The cost of the current values after it: of the trial if accepted.</param>
/// <param name="CostChange">How much lower the trial's cost is; negative if it is higher.</param>
/// <param name="GradientNorm">The largest entry of the gradient before the step.</param>
/// <param name="StepNorm">The Euclidean norm of the step.</param>
/// <param name="GainRatio">The cost change, relative to what the linear model predicted.</param>
/// <param name="Damping">λ.</param>
/// <param name="IsAccepted">Whether the step was taken.</param>
/// <param name="Elapsed">Since the element's solve began.</param>
public readonly record struct IterationRecord(
    int Element, int Iteration, double Cost, double CostChange, double GradientNorm, double StepNorm, double GainRatio,
    double Damping, bool IsAccepted, TimeSpan Elapsed);
