namespace TheseusSharp.Kernels;

/// <summary>
/// Elementary functions lane by lane with <see cref="Math"/> and <see cref="MathF"/>: any argument, at their speed.
/// </summary>
internal static unsafe class ExactOperations
{
    /// <summary>target = function(a, b) in each lane.</summary>
    public static void Run<T>(Opcode opcode, T* target, T* a, T* b, int lanes)
        where T : unmanaged
    {
        for (int k = 0; k < lanes; k++)
            target[k] = typeof(T) == typeof(double)
                ? Numbers.From<T>(Apply(opcode, Numbers.ToDouble(a[k]), Numbers.ToDouble(b[k])))
                : Numbers.From<T>(Apply(opcode, (float)Numbers.ToDouble(a[k]), (float)Numbers.ToDouble(b[k])));
    }

    private static double Apply(Opcode opcode, double a, double b) => opcode switch
    {
        Opcode.Sin => Math.Sin(a),
        Opcode.Cos => Math.Cos(a),
        Opcode.Tan => Math.Tan(a),
        Opcode.Asin => Math.Asin(a),
        Opcode.Acos => Math.Acos(a),
        Opcode.Atan => Math.Atan(a),
        Opcode.Atan2 => Math.Atan2(a, b),
        Opcode.Exp => Math.Exp(a),
        Opcode.Log => Math.Log(a),
        Opcode.Pow => Math.Pow(a, b),
        _ => throw new ArgumentOutOfRangeException(nameof(opcode), opcode, "Not an elementary function."),
    };

    private static float Apply(Opcode opcode, float a, float b) => opcode switch
    {
        Opcode.Sin => MathF.Sin(a),
        Opcode.Cos => MathF.Cos(a),
        Opcode.Tan => MathF.Tan(a),
        Opcode.Asin => MathF.Asin(a),
        Opcode.Acos => MathF.Acos(a),
        Opcode.Atan => MathF.Atan(a),
        Opcode.Atan2 => MathF.Atan2(a, b),
        Opcode.Exp => MathF.Exp(a),
        Opcode.Log => MathF.Log(a),
        Opcode.Pow => MathF.Pow(a, b),
        _ => throw new ArgumentOutOfRangeException(nameof(opcode), opcode, "Not an elementary function."),
    };
}
