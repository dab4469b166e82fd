/* The self-test @NAME@ on an ATmega, its result on the serial port; simavr ends when the processor sleeps for good. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>

int @NAME@_selftest(void);

static void put(const char *text) {
    for (; *text; text++) {
        while (!(UCSR0A & (1 << UDRE0)))
            ;
        UCSR0A |= 1 << TXC0; /* writing 1 clears it */
        UDR0 = (unsigned char)*text;
    }
    while (!(UCSR0A & (1 << TXC0)))
        ; /* the last character is out */
}

int main(void) {
    UCSR0B = 1 << TXEN0;
    put(@NAME@_selftest() == 0 ? "all checks passed\n" : "checks failed\n");
    cli();
    sleep_enable();
    sleep_cpu();
    return 0;
}
