using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;

namespace TheseusSharp.Kernels;

/// <summary>Emits an allocated program as IL: a method for each chunk, with no call that outlives the JIT.</summary>
/// <remarks>
/// Arithmetic goes through the vectors' operators and memory through <c>ldobj</c> and <c>stobj</c>: those are expanded
/// by the JIT's importer. <c>Vector512.Add</c>, <c>Load</c> and their like are only candidates for inlining, and past
/// the inliner's budget they remain calls, at twenty times the cost. Methods stay below the size at which the JIT stops
/// optimising.
/// </remarks>
/// <typeparam name="T">double or float.</typeparam>
[RequiresDynamicCode("Kernels are compiled at run time; without dynamic code use the block interpreter.")]
internal sealed class IlEmitter<T>
    where T : unmanaged
{
    private readonly AllocatedProgram _program;
    private readonly VectorMembers _members;
    private readonly int _lanes;

    private IlEmitter(AllocatedProgram program, Target target)
    {
        _program = program;
        _members = VectorMembers.Of(target.Width, typeof(T));
        _lanes = target.Bytes / System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
    }

    /// <summary>Compiles a program.</summary>
    public static unsafe IKernel<T> Emit(AllocatedProgram program, Target target)
    {
        var emitter = new IlEmitter<T>(program, target);
        var chunks = new CompiledChunk[program.Chunks.Count];
        int start = 0;
        for (int k = 0; k < chunks.Length; k++)
        {
            chunks[k] = emitter.EmitChunk(start, program.Chunks[k]);
            start = program.Chunks[k];
        }

        return new CompiledKernel<T>(chunks, emitter._lanes, program);
    }

    private CompiledChunk EmitChunk(int start, int end)
    {
        // The first, unused argument makes the delegate closed over null: its call then needs no shuffling of arguments.
        Type[] parameters = [typeof(object), typeof(nint), typeof(nint), typeof(nint), typeof(nint), typeof(nint)];
        Module module = typeof(IlEmitter<T>).Module;
        var method = new DynamicMethod("TheseusKernel", typeof(void), parameters, module, skipVisibility: true)
        {
            InitLocals = false,
        };
        ILGenerator il = method.GetILGenerator(32 * (end - start));
        var registers = new LocalBuilder[_program.Registers];
        for (int r = 0; r < registers.Length; r++)
            registers[r] = il.DeclareLocal(_members.Vector);
        for (int k = start; k < end; k++)
            EmitStep(il, registers, _program.Steps[k]);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<CompiledChunk>(null);
    }

    private void EmitStep(ILGenerator il, LocalBuilder[] registers, in Step step)
    {
        bool stores = step.Target.Kind != OperandKind.Register;
        if (stores)
            EmitAddress(il, step.Target);
        if (step.IsMove)
            EmitLoad(il, registers, step.A);
        else
            EmitOperation(il, registers, step);
        if (stores)
            EmitStore(il);
        else
            il.Emit(OpCodes.Stloc, registers[step.Target.Index]);
    }

    private void EmitOperation(ILGenerator il, LocalBuilder[] registers, in Step step)
    {
        switch (step.Opcode)
        {
            case Opcode.MultiplySubtract:
                EmitFused(il, registers, step, negateProduct: false, negateAddend: true);
                return;
            case Opcode.NegatedMultiplyAdd:
                EmitFused(il, registers, step, negateProduct: true, negateAddend: false);
                return;
            case Opcode.NegatedMultiplySubtract:
                EmitFused(il, registers, step, negateProduct: true, negateAddend: true);
                return;
            case Opcode.ShiftToExponent:
                EmitShift(il, registers, step.A, _members.ShiftLeft, _members.SignificandBits);
                return;
            case Opcode.ShiftFromExponent:
                EmitShift(il, registers, step.A, _members.ShiftRight, _members.SignificandBits);
                return;
            case Opcode.ShiftToSign:
                EmitShift(il, registers, step.A, _members.ShiftLeft, _members.LaneBits - 2);
                return;
        }

        EmitLoad(il, registers, step.A);
        if (step.Opcode.Arity() > 1)
            EmitLoad(il, registers, step.B);
        if (step.Opcode.Arity() > 2)
            EmitLoad(il, registers, step.C);
        il.Emit(OpCodes.Call, _members.MethodOf(step.Opcode));
    }

    /// <summary>The JIT folds the negations into one instruction of the fused family.</summary>
    private void EmitFused(
        ILGenerator il, LocalBuilder[] registers, in Step step, bool negateProduct, bool negateAddend)
    {
        EmitLoad(il, registers, step.A);
        if (negateProduct)
            il.Emit(OpCodes.Call, _members.Negate);
        EmitLoad(il, registers, step.B);
        EmitLoad(il, registers, step.C);
        if (negateAddend)
            il.Emit(OpCodes.Call, _members.Negate);
        il.Emit(OpCodes.Call, _members.MultiplyAdd);
    }

    private void EmitShift(ILGenerator il, LocalBuilder[] registers, Operand operand, MethodInfo shift, int bits)
    {
        EmitLoad(il, registers, operand);
        il.Emit(OpCodes.Call, _members.ToBits);
        il.Emit(OpCodes.Ldc_I4, bits);
        il.Emit(OpCodes.Call, shift);
        il.Emit(OpCodes.Call, _members.FromBits);
    }

    private void EmitLoad(ILGenerator il, LocalBuilder[] registers, Operand operand)
    {
        if (operand.Kind == OperandKind.Register)
        {
            il.Emit(OpCodes.Ldloc, registers[operand.Index]);
            return;
        }

        EmitAddress(il, operand);
        il.Emit(OpCodes.Unaligned, (byte)1);
        il.Emit(OpCodes.Ldobj, _members.Vector);
    }

    private void EmitStore(ILGenerator il)
    {
        il.Emit(OpCodes.Unaligned, (byte)1);
        il.Emit(OpCodes.Stobj, _members.Vector);
    }

    private void EmitAddress(ILGenerator il, Operand operand)
    {
        int argument = operand.Kind switch
        {
            OperandKind.Gathered => 1,
            OperandKind.Tiled => 2,
            OperandKind.Output => 3,
            OperandKind.Scratch => 4,
            OperandKind.Constant => 5,
            _ => throw new InvalidOperationException($"{operand.Kind} has no address."),
        };
        il.Emit(OpCodes.Ldarg, (short)argument);
        int offset = operand.Index * _members.VectorBytes;
        if (offset == 0)
            return;
        il.Emit(OpCodes.Ldc_I4, offset);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
    }
}
