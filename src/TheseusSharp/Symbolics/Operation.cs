namespace TheseusSharp.Symbolics;

/// <summary>What a node of an <see cref="ExpressionGraph"/> does.</summary>
internal enum Operation : byte
{
    // Leaves.
    Literal,
    Input,
    RowInput,

    // Typed group operations: a call has many results, a component is one of them.
    Call,
    Component,

    // Arithmetic.
    Add,
    Subtract,
    Multiply,
    Divide,
    Negate,
    Abs,
    Min,
    Max,

    // Elementary functions.
    Sqrt,
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

    // Masks: truth values, used by masks and by Where only.
    Less,
    LessOrEqual,
    Equal,
    And,
    Or,
    Not,
    Where,

    // Auxiliary arrays.
    RowSum,
    Lookup,
}

/// <summary>Facts about each <see cref="Operation"/>, and its meaning on numbers.</summary>
internal static class Operations
{
    /// <summary>How many of the fields A, B, C of a node are operands.</summary>
    public static int Arity(this Operation operation) => operation switch
    {
        Operation.Literal or Operation.Input or Operation.RowInput or Operation.Call => 0,
        Operation.Component => 1,
        Operation.Negate or Operation.Abs or Operation.Not or Operation.RowSum => 1,
        >= Operation.Sqrt and <= Operation.Atan or Operation.Exp or Operation.Log => 1,
        Operation.Where or Operation.Lookup => 3,
        _ => 2,
    };

    /// <summary>Whether A and B may change places without changing the result, rounding included.</summary>
    public static bool IsCommutative(this Operation operation) =>
        operation is Operation.Add or Operation.Multiply or Operation.Equal or Operation.And or Operation.Or;

    /// <summary>Whether the result is a truth value.</summary>
    public static bool IsMask(this Operation operation) => operation is >= Operation.Less and <= Operation.Not;

    /// <summary>The value on numbers; truth values are 1 and 0.</summary>
    public static double Evaluate(this Operation operation, double a, double b = 0, double c = 0) => operation switch
    {
        Operation.Add => a + b,
        Operation.Subtract => a - b,
        Operation.Multiply => a * b,
        Operation.Divide => a / b,
        Operation.Negate => -a,
        Operation.Abs => Math.Abs(a),
        Operation.Min => a < b ? a : b,
        Operation.Max => a > b ? a : b,
        Operation.Sqrt => Math.Sqrt(a),
        Operation.Sin => Math.Sin(a),
        Operation.Cos => Math.Cos(a),
        Operation.Tan => Math.Tan(a),
        Operation.Asin => Math.Asin(a),
        Operation.Acos => Math.Acos(a),
        Operation.Atan => Math.Atan(a),
        Operation.Atan2 => Math.Atan2(a, b),
        Operation.Exp => Math.Exp(a),
        Operation.Log => Math.Log(a),
        Operation.Pow => Math.Pow(a, b),
        Operation.Less => a < b ? 1 : 0,
        Operation.LessOrEqual => a <= b ? 1 : 0,
        Operation.Equal => a == b ? 1 : 0,
        Operation.And => a != 0 && b != 0 ? 1 : 0,
        Operation.Or => a != 0 || b != 0 ? 1 : 0,
        Operation.Not => a != 0 ? 0 : 1,
        Operation.Where => a != 0 ? b : c,
        _ => throw new ArgumentOutOfRangeException(
            nameof(operation), operation, "This operation has no value on numbers alone."),
    };
}
