using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Intrinsics;

namespace TheseusSharp.Kernels;

/// <summary>The runtime's vector type of one width and lane type, and the members that kernels use.</summary>
[RequiresDynamicCode("Looks up generic vector members by reflection.")]
[UnconditionalSuppressMessage("Trimming", "IL2055", Justification = KeptWhole)]
[UnconditionalSuppressMessage("Trimming", "IL2060", Justification = KeptWhole)]
[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = KeptWhole)]
[UnconditionalSuppressMessage("Trimming", "IL2075", Justification = KeptWhole)]
internal sealed class VectorMembers
{
    private const string KeptWhole = "The constructor's dynamic dependencies keep all public members of the vectors.";

    private static readonly Dictionary<(SimdWidth, Type), VectorMembers> s_known = [];

    private readonly Dictionary<Opcode, MethodInfo> _methods = [];

    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.PublicProperties,
        typeof(Vector128))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.PublicProperties,
        typeof(Vector256))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.PublicProperties,
        typeof(Vector512))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.PublicProperties,
        typeof(Vector128<>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.PublicProperties,
        typeof(Vector256<>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.PublicProperties,
        typeof(Vector512<>))]
    private VectorMembers(Type helper, Type open, Type lane)
    {
        bool isDouble = lane == typeof(double);
        Type bits = isDouble ? typeof(long) : typeof(int);
        Vector = open.MakeGenericType(lane);
        VectorBytes = (int)open.MakeGenericType(typeof(byte)).GetProperty("Count")!.GetValue(null)!;
        LaneBits = isDouble ? 64 : 32;
        SignificandBits = isDouble ? 52 : 23;
        Type vectorOfBits = open.MakeGenericType(bits);
        MultiplyAdd = helper.GetMethod("FusedMultiplyAdd", [Vector, Vector, Vector])!;
        Negate = Operator("op_UnaryNegation", Vector);
        ToBits = Generic(helper, isDouble ? "AsInt64" : "AsInt32", 1).MakeGenericMethod(lane);
        FromBits = Generic(helper, isDouble ? "AsDouble" : "AsSingle", 1).MakeGenericMethod(bits);
        ShiftLeft = vectorOfBits.GetMethod("op_LeftShift", [vectorOfBits, typeof(int)])!;
        ShiftRight = vectorOfBits.GetMethod("op_UnsignedRightShift", [vectorOfBits, typeof(int)])!;

        _methods[Opcode.Add] = Operator("op_Addition", Vector, Vector);
        _methods[Opcode.Subtract] = Operator("op_Subtraction", Vector, Vector);
        _methods[Opcode.Multiply] = Operator("op_Multiply", Vector, Vector);
        _methods[Opcode.Divide] = Operator("op_Division", Vector, Vector);
        _methods[Opcode.Negate] = Negate;
        _methods[Opcode.And] = Operator("op_BitwiseAnd", Vector, Vector);
        _methods[Opcode.Or] = Operator("op_BitwiseOr", Vector, Vector);
        _methods[Opcode.Xor] = Operator("op_ExclusiveOr", Vector, Vector);
        _methods[Opcode.Not] = Operator("op_OnesComplement", Vector);
        _methods[Opcode.MultiplyAdd] = MultiplyAdd;
        _methods[Opcode.Abs] = Generic(helper, "Abs", 1).MakeGenericMethod(lane);
        _methods[Opcode.Sqrt] = Generic(helper, "Sqrt", 1).MakeGenericMethod(lane);
        _methods[Opcode.Less] = Generic(helper, "LessThan", 2).MakeGenericMethod(lane);
        _methods[Opcode.LessOrEqual] = Generic(helper, "LessThanOrEqual", 2).MakeGenericMethod(lane);
        _methods[Opcode.Equal] = Generic(helper, "Equals", 2).MakeGenericMethod(lane);
        _methods[Opcode.Select] = Generic(helper, "ConditionalSelect", 3).MakeGenericMethod(lane);
    }

    public Type Vector { get; }

    public int VectorBytes { get; }

    public int LaneBits { get; }

    public int SignificandBits { get; }

    public MethodInfo MultiplyAdd { get; }

    public MethodInfo Negate { get; }

    public MethodInfo ToBits { get; }

    public MethodInfo FromBits { get; }

    public MethodInfo ShiftLeft { get; }

    public MethodInfo ShiftRight { get; }

    /// <summary>The members for a width and lane type.</summary>
    public static VectorMembers Of(SimdWidth width, Type lane)
    {
        lock (s_known)
        {
            if (s_known.TryGetValue((width, lane), out VectorMembers? known))
                return known;
            VectorMembers members = width switch
            {
                SimdWidth.Bits512 => new(typeof(Vector512), typeof(Vector512<>), lane),
                SimdWidth.Bits256 => new(typeof(Vector256), typeof(Vector256<>), lane),
                SimdWidth.Bits128 => new(typeof(Vector128), typeof(Vector128<>), lane),
                _ => throw new ArgumentOutOfRangeException(nameof(width), width, "Resolve the width first."),
            };
            s_known.Add((width, lane), members);
            return members;
        }
    }

    /// <summary>The method of an operation that is one call.</summary>
    public MethodInfo MethodOf(Opcode opcode) => _methods.TryGetValue(opcode, out MethodInfo? method)
        ? method
        : throw new InvalidOperationException(
            $"{opcode} has no vector instruction; only the exact interpreter runs it.");

    private static MethodInfo Generic(Type helper, string name, int parameters) => helper
        .GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Single(method => method.Name == name && method.IsGenericMethodDefinition
            && method.GetParameters().Length == parameters && method.GetGenericArguments().Length == 1);

    private MethodInfo Operator(string name, params Type[] parameters) => Vector.GetMethod(name, parameters)
        ?? throw new MissingMethodException(Vector.Name, name);
}
