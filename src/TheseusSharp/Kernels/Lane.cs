namespace TheseusSharp.Kernels;

/// <summary>A number in every lane while code is built: formulas of elementary functions read as formulas.</summary>
internal readonly record struct Lane(CodeBuilder Builder, Operand Operand)
{
    public static Lane operator +(Lane a, Lane b) => a.Then(Opcode.Add, b);

    public static Lane operator -(Lane a, Lane b) => a.Then(Opcode.Subtract, b);

    public static Lane operator *(Lane a, Lane b) => a.Then(Opcode.Multiply, b);

    public static Lane operator /(Lane a, Lane b) => a.Then(Opcode.Divide, b);

    public static Lane operator -(Lane a) => a.Then(Opcode.Negate);

    public static Lane operator &(Lane a, Lane b) => a.Then(Opcode.And, b);

    public static Lane operator |(Lane a, Lane b) => a.Then(Opcode.Or, b);

    public static Lane operator ^(Lane a, Lane b) => a.Then(Opcode.Xor, b);

    public static Lane operator +(Lane a, double b) => a + a.Literal(b);

    public static Lane operator -(Lane a, double b) => a - a.Literal(b);

    public static Lane operator *(Lane a, double b) => a * a.Literal(b);

    public static Lane operator +(double a, Lane b) => b.Literal(a) + b;

    public static Lane operator -(double a, Lane b) => b.Literal(a) - b;

    public static Lane operator *(double a, Lane b) => b.Literal(a) * b;

    public static Lane operator /(double a, Lane b) => b.Literal(a) / b;

    public static Lane operator <(Lane a, Lane b) => a.Then(Opcode.Less, b);

    public static Lane operator >(Lane a, Lane b) => b < a;

    public static Lane operator <=(Lane a, Lane b) => a.Then(Opcode.LessOrEqual, b);

    public static Lane operator >=(Lane a, Lane b) => b <= a;

    public static Lane operator <(Lane a, double b) => a < a.Literal(b);

    public static Lane operator >(Lane a, double b) => a > a.Literal(b);

    public static Lane operator <=(Lane a, double b) => a <= a.Literal(b);

    public static Lane operator >=(Lane a, double b) => a >= a.Literal(b);

    public Lane Literal(double value) => this with { Operand = Builder.Constant(value) };

    public Lane EqualTo(double value) => Then(Opcode.Equal, Literal(value));

    public Lane Abs() => Then(Opcode.Abs);

    public Lane Sqrt() => Then(Opcode.Sqrt);

    public Lane Not() => Then(Opcode.Not);

    /// <summary>As a mask: <paramref name="whenTrue"/> where set.</summary>
    public Lane Choose(Lane whenTrue, Lane whenFalse) => this with
    {
        Operand = Builder.Emit(Opcode.Select, Operand, whenTrue.Operand, whenFalse.Operand),
    };

    /// <inheritdoc cref="Choose(Lane, Lane)"/>
    public Lane Choose(double whenTrue, Lane whenFalse) => Choose(Literal(whenTrue), whenFalse);

    /// <inheritdoc cref="Choose(Lane, Lane)"/>
    public Lane Choose(double whenTrue, double whenFalse) => Choose(Literal(whenTrue), Literal(whenFalse));

    /// <summary>this·b + c, rounded once where the target can.</summary>
    public Lane MultiplyAdd(Lane b, Lane c) => Builder.HasFma ? Fused(Opcode.MultiplyAdd, b, c) : (this * b) + c;

    /// <summary>The rounding error of the product this·b, given the product.</summary>
    public Lane ProductError(Lane b, Lane product)
    {
        if (Builder.HasFma)
            return this with { Operand = Builder.Emit(Opcode.MultiplySubtract, Operand, b.Operand, product.Operand) };
        (Lane aHigh, Lane aLow) = Split();
        (Lane bHigh, Lane bLow) = b.Split();
        return (((aHigh * bHigh) - product) + (aHigh * bLow) + (aLow * bHigh)) + (aLow * bLow);
    }

    /// <summary>c − this·b, rounded once where the target can.</summary>
    public Lane NegatedMultiplyAdd(Lane b, Lane c) =>
        Builder.HasFma ? Fused(Opcode.NegatedMultiplyAdd, b, c) : c - (this * b);

    /// <summary>The sign bit alone.</summary>
    public Lane SignBit() => this & Literal(-0.0);

    /// <summary>A non-negative number with the sign of another.</summary>
    public Lane WithSignOf(Lane other) => this | other.SignBit();

    public Lane ShiftToExponent() => Then(Opcode.ShiftToExponent);

    public Lane ShiftToSign() => Then(Opcode.ShiftToSign);

    public Lane ShiftFromExponent() => Then(Opcode.ShiftFromExponent);

    /// <summary>Σ coefficients[k]·thisᵏ by Horner's rule.</summary>
    public Lane Polynomial(ReadOnlySpan<double> coefficients)
    {
        Lane sum = Literal(coefficients[^1]);
        for (int k = coefficients.Length - 2; k >= 0; k--)
            sum = sum.MultiplyAdd(this, Literal(coefficients[k]));
        return sum;
    }

    /// <summary>Where this mask fails, the lane is recomputed with exact functions.</summary>
    public void Require() => Builder.Require(Operand);

    /// <summary>Two halves of the significand whose products are exact (Dekker 1971).</summary>
    private (Lane High, Lane Low) Split()
    {
        Lane scaled = this * (Builder.Format.IsDouble ? 134217729.0 : 4097.0);
        Lane high = scaled - (scaled - this);
        return (high, this - high);
    }

    private Lane Then(Opcode opcode) => this with { Operand = Builder.Emit(opcode, Operand) };

    private Lane Then(Opcode opcode, Lane other) =>
        this with { Operand = Builder.Emit(opcode, Operand, other.Operand) };

    private Lane Fused(Opcode opcode, Lane b, Lane c) =>
        this with { Operand = Builder.Emit(opcode, Operand, b.Operand, c.Operand) };
}
