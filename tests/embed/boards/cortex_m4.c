/* Start of a program on the Cortex-M4 of qemu's mps2-an386: FPU on, memory zeroed, main, exit by semihosting. */
#include <stdint.h>

extern uint32_t top_of_stack, __bss_start__, __bss_end__;
extern int main(void);
extern void initialise_monitor_handles(void);
extern void __libc_init_array(void);
extern void exit(int);

void start(void) {
    *(volatile uint32_t *)0xE000ED88 |= 0xFu << 20; /* CPACR: full access to the FPU */
    __asm volatile("dsb\nisb");
    for (uint32_t *at = &__bss_start__; at < &__bss_end__; at++)
        *at = 0;
    initialise_monitor_handles();
    __libc_init_array();
    exit(main());
}

static void fault(void) { exit(99); }

__attribute__((section(".vectors"), used)) void *const vectors[16] = {
    &top_of_stack, (void *)start, (void *)fault, (void *)fault, (void *)fault, (void *)fault, (void *)fault};

void _init(void) {}
void _fini(void) {}
