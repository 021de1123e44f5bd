using System.Runtime.InteropServices;

namespace TheseusSharp.Cholmod;

/// <summary>
/// CHOLMOD's <c>cholmod_common</c>: settings, statistics and workspace. It is larger and changes more often than what
/// else is exchanged, so it is a piece of memory here, generously sized, of which a few places are written. Version 3
/// of the library, on 64 bits, has them where they are expected: that is verified against the defaults that it fills
/// in.
/// </summary>
internal sealed unsafe class NativeCommon : SafeHandle
{
    /// <summary>Version 3.0.14 needs 2664 bytes.</summary>
    private const int Length = 16 * 1024;

    private const int SupernodalSwitch = 40;
    private const int Supernodal = 48;
    private const int Print = 144;
    private const int MethodCount = 168;
    private const int FirstMethodOrdering = 316;
    private const int Postorder = 1864;
    private const int IndexType = 1960;
    private readonly CholmodLibrary _library;

    public NativeCommon(CholmodLibrary library)
        : base(0, ownsHandle: true)
    {
        _library = library;
        handle = (nint)NativeMemory.AllocZeroed(Length);
        if (library.Start(Pointer) == 0)
            throw new CholmodNotFoundException("CHOLMOD did not start.");
        bool isUnderstood = Read<double>(SupernodalSwitch) == 40 && Read<int>(Supernodal) == 1 &&
            Read<int>(Print) == 3 && Read<int>(MethodCount) == 0 && Read<int>(Postorder) == 1 &&
            Read<int>(IndexType) == 0;
        if (!isUnderstood)
            throw new CholmodNotFoundException(
                $"{CholmodLibrary.FileName} {library.Version} lays out its settings in an unknown way: use " +
                "version 3.0.14 (Debian 12: libcholmod3).");
        Write(Supernodal, 2); // always
        Write(Print, 0);
    }

    public override bool IsInvalid => handle == 0;

    public void* Pointer => (void*)handle;

    /// <summary>Chooses how rows are ordered.</summary>
    public void SetOrdering(CholmodOrdering ordering)
    {
        Write(MethodCount, ordering == CholmodOrdering.Automatic ? 0 : 1);
        Write(FirstMethodOrdering, ordering switch
        {
            CholmodOrdering.NestedDissection => 3,
            CholmodOrdering.Natural => 0,
            _ => 2,
        });
        Write(Postorder, ordering == CholmodOrdering.Natural ? 0 : 1);
    }

    /// <summary>Factors row by row (LDLᵀ), not by supernodes: faster for small matrices.</summary>
    public void SetSimplicial() => Write(Supernodal, 0);

    /// <summary>Takes the order that is given.</summary>
    public void SetGivenOrdering()
    {
        Write(MethodCount, 1);
        Write(FirstMethodOrdering, 1);
    }

    protected override bool ReleaseHandle()
    {
        _library.Finish(Pointer);
        NativeMemory.Free(Pointer);
        return true;
    }

    private T Read<T>(int place)
        where T : unmanaged => *(T*)(handle + place);

    private void Write(int place, int value) => *(int*)(handle + place) = value;
}
