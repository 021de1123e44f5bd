namespace TheseusSharp.Kernels;

/// <summary>
/// What a kernel instruction does to each lane. The arithmetic ones are IEEE operations that every emitter rounds
/// alike, so emitters agree bit for bit; masks are lanes of all ones or all zeros.
/// </summary>
internal enum Opcode : byte
{
    // Arithmetic.
    Add,
    Subtract,
    Multiply,
    Divide,
    Negate,
    Abs,
    Sqrt,

    /// <summary>a·b + c, rounded once.</summary>
    MultiplyAdd,

    /// <summary>a·b − c, rounded once.</summary>
    MultiplySubtract,

    /// <summary>c − a·b, rounded once.</summary>
    NegatedMultiplyAdd,

    /// <summary>−(a·b) − c, rounded once.</summary>
    NegatedMultiplySubtract,

    // Bits.
    Less,
    LessOrEqual,
    Equal,
    And,
    Or,
    Xor,
    Not,

    /// <summary>b where mask a is set, else c.</summary>
    Select,

    /// <summary>
    /// The bits shifted left by the length of the significand: the low bits of a number become its exponent.
    /// </summary>
    ShiftToExponent,

    /// <summary>The bits shifted right by the length of the significand: the exponent becomes the low bits.</summary>
    ShiftFromExponent,

    /// <summary>The bits shifted left until bit 1 is the sign.</summary>
    ShiftToSign,

    // Exact elementary functions, computed lane by lane with System.Math; only programs for the interpreter have them.
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Atan2,
    Exp,
    Log,
    Pow,
}

/// <summary>Facts about each <see cref="Opcode"/>.</summary>
internal static class Opcodes
{
    /// <summary>How many operands it takes.</summary>
    public static int Arity(this Opcode opcode) => opcode switch
    {
        Opcode.Negate or Opcode.Abs or Opcode.Sqrt or Opcode.Not => 1,
        Opcode.ShiftToExponent or Opcode.ShiftFromExponent or Opcode.ShiftToSign => 1,
        Opcode.MultiplyAdd or Opcode.MultiplySubtract or Opcode.NegatedMultiplyAdd => 3,
        Opcode.NegatedMultiplySubtract or Opcode.Select => 3,
        Opcode.Atan2 or Opcode.Pow => 2,
        >= Opcode.Sin => 1,
        _ => 2,
    };
}
